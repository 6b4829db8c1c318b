import { ZeroHash, parseEther, toBeHex } from "ethers";

import {
  answerCollateralOf,
  auditCollateralOf,
  auctionPriceAt,
  latePenaltyOf,
  optimisticEscrowOf,
  optimisticJobId,
  type OptimisticOrder,
  packOptimisticOrder,
  type PackedOptimisticJob,
  unpackOptimisticJob,
  unpackOptimisticRecord,
} from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { packOptimisticRules } from "../../packages/sdk/src/codecs/optimisticRules.ts";
import { LAST_ACCOUNT, ONES, type VectorFile, accountOf, numberOf, wordOf } from "./samples.ts";

/** What `deploy/parameters/l1.json5` says, with a horizon of its size. */
const MAINNET = packOptimisticRules({
  feeBps: 250n,
  royaltyCapBps: 3_000n,
  deterrence: 30n,
  latePenaltyFactor: 5n,
  finisherShareBps: 5_000n,
  challengerShareBps: 5_000n,
  disputeBond: 250n,
  maxAnswerPeriod: 86_400n,
  mostWindowPeriod: 604_800n,
  horizonPeriod: 957_600n,
  absenceBps: 1_250n,
  auditSeats: 10n,
  auditSteps: 4n,
  auditSealPeriod: 580n,
  auditRevealPeriod: 14_400n,
});

const NAMED: OptimisticOrder = {
  requester: accountOf("requester"),
  versionId: wordOf("version"),
  inputRoot: wordOf("input"),
  price: parseEther("0.25"),
  node: accountOf("node"),
  answerPeriod: 3_600,
  windowPeriod: 129_600,
};

const OPEN: OptimisticOrder = {
  requester: accountOf("requester"),
  versionId: wordOf("version"),
  inputRoot: wordOf("input"),
  price: parseEther("0.25"),
  answerPeriod: 3_600,
  windowPeriod: 129_600,
  lowestPrice: parseEther("0.01"),
  auctionDelay: 60,
  auctionRamp: 600,
  valueAtStake: 12,
  callback: accountOf("callback"),
  callbackGas: 200_000,
  deliveryTip: parseEther("0.002"),
  provisional: true,
  maxRoyalty: parseEther("0.001"),
  nonce: 7n,
};

const AUDITED: OptimisticOrder = { ...NAMED, auditBps: 500, valueAtStake: 3 };

/** A job of which every word is what `word` says for its name. */
const jobOf = (word: (field: string) => string): PackedOptimisticJob => ({
  versionId: word("versionId"),
  inputRoot: word("inputRoot"),
  requester: word("requester"),
  node: word("node"),
  callback: word("callback"),
  royalty: word("royalty"),
  shape: word("shape"),
  rules: word("rules"),
});

/** The slot of a job, from the lowest bit as `OptimisticRecord` says. Bit i of `flags` is its i-th flag. */
const recordOf = (state: number, flags: number, price: bigint, since: bigint, node: string): string =>
  toBeHex(BigInt(state) | (BigInt(flags) << 8n) | (price << 16n) | (since << 56n) | (BigInt(node) << 96n), 32);

function describe(name: string, chainId: bigint, market: string, job: PackedOptimisticJob, record: string) {
  const { node, statement, ...rest } = unpackOptimisticRecord(BigInt(record));
  const fields = unpackOptimisticJob(job);
  const { penalty, prize } = latePenaltyOf(fields, fields.price);
  return {
    name,
    chainId,
    market,
    job,
    fields,
    jobId: optimisticJobId(chainId, market, job),
    collateral: answerCollateralOf(fields, fields.price),
    auditCollateral: auditCollateralOf(fields, fields.price),
    escrow: optimisticEscrowOf(fields),
    penalty,
    prize,
    record: { word: record, ...rest, node: node ?? statement },
  };
}

/** What an open job pays after so many seconds. */
function auction(name: string, order: OptimisticOrder, elapsed: number) {
  const { price, lowestPrice } = unpackOptimisticJob(packOptimisticOrder(order));
  const { auctionDelay = 0, auctionRamp = 0 } = order;
  const priced = auctionPriceAt({ price, lowestPrice, auctionDelay, auctionRamp, requestedAt: 0 }, elapsed);
  return { name, lowestPrice, price, auctionDelay, auctionRamp, elapsed, priced };
}

const market = accountOf("market");
const chainId = 31_337n;
const mainnet = (order: OptimisticOrder) => ({ ...packOptimisticOrder(order), rules: MAINNET });

export const optimisticVectors: VectorFile = {
  about:
    "Jobs for one node as they travel, with their fields and what follows from them, on a chain whose market is `market`; " +
    "and, unrelated to them, words of job slots with their fields.",
  cases: [
    describe("for a node", chainId, market, mainnet(NAMED), ZeroHash),
    describe("for a node, audited", chainId, market, mainnet(AUDITED), ZeroHash),
    describe("open", chainId, market, mainnet(OPEN), recordOf(3, 0, 10n ** 6n, 1_800_000_000n, accountOf("node"))),
    describe(
      "least words",
      chainId,
      market,
      jobOf(() => ZeroHash),
      recordOf(2, 5, 1n, 0n, accountOf("failed")),
    ),
    describe(
      "most words",
      1n,
      LAST_ACCOUNT,
      jobOf(() => ONES),
      recordOf(8, 7, 2n ** 40n - 1n, 2n ** 40n - 1n, LAST_ACCOUNT),
    ),
    ...Array.from({ length: 8 }, (_, i) => {
      const label = `optimistic ${i}`;
      const number = (field: string, bits: number) => numberOf(`${label}/${field}`, bits);
      const record = recordOf(i + 1, i, number("price", 40), number("since", 40), accountOf(`${label}/node`));
      const job = jobOf((field) => wordOf(`${label}/${field}`));
      return describe(label, number("chain", 32), accountOf(`${label}/market`), job, record);
    }),
  ],
};

export const auctionVectors: VectorFile = {
  about: "Prices of open jobs over time, seconds after the request.",
  cases: [0, 59, 60, 61, 62, 63, 67, 360, 659, 660, 661, 100_000].map((elapsed) =>
    auction(`after ${elapsed}`, OPEN, elapsed),
  ),
};
