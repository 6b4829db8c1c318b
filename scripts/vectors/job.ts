import { ZeroHash, parseEther, toBeHex } from "ethers";

import {
  type Order,
  type PackedJob,
  collateralOf,
  depositPaymentNonce,
  escrowOf,
  jobId,
  orderPaymentNonce,
  packOrder,
  seatBound,
  unpackJob,
  unpackRecord,
} from "../../packages/sdk/src/codecs/job.ts";
import { LAST_ACCOUNT, ONES, type VectorFile, accountOf, numberOf, wordOf } from "./samples.ts";

interface Parts {
  readonly chainId: bigint;
  readonly market: string;
  readonly job: PackedJob;
  readonly record: string;
}

const SMALL: Order = {
  requester: accountOf("requester"),
  versionId: wordOf("version"),
  inputRoot: wordOf("input"),
  seatPrice: parseEther("0.01"),
  quorum: 3,
  collateralFactor: 32,
  sealPeriod: 300,
};

const LARGEST: Order = {
  requester: LAST_ACCOUNT,
  versionId: ONES,
  inputRoot: ONES,
  seatPrice: 2n ** 96n - 1n,
  quorum: 255,
  collateralFactor: 65_535,
  sealPeriod: 2 ** 24 - 1,
  auditBps: 65_535,
  maxRoyalty: 2n ** 96n - 1n,
  callback: LAST_ACCOUNT,
  callbackGas: 2 ** 32 - 1,
  deliveryTip: 2n ** 96n - 1n,
  nonce: 2n ** 40n - 1n,
  windowPeriod: 2 ** 24 - 1,
};

const CALLED_BACK: Order = {
  ...SMALL,
  auditBps: 500,
  maxRoyalty: parseEther("0.001"),
  callback: accountOf("callback"),
  callbackGas: 200_000,
  deliveryTip: parseEther("0.002"),
  nonce: 7n,
};

/** A job of which every word is what `word` says for its name. */
const jobOf = (word: (field: string) => string): PackedJob => ({
  versionId: word("versionId"),
  inputRoot: word("inputRoot"),
  requester: word("requester"),
  callback: word("callback"),
  royalty: word("royalty"),
  shape: word("shape"),
  rules: word("rules"),
});

/** The slot of a job, from the lowest bit as `JobRecord` says. Bit i of `flags` is its i-th flag. */
function recordOf(state: number, flags: number, seed: bigint, seedBlock: bigint, startedAt: bigint): string {
  const flag = (i: number) => BigInt((flags >> i) & 1) << BigInt(8 * (i + 1));
  const low = BigInt(state) | flag(0) | flag(1) | flag(2);
  return toBeHex(low | (seed << 32n) | (seedBlock << 160n) | (startedAt << 208n), 32);
}

function describe(name: string, { chainId, market, job, record }: Parts) {
  const fields = unpackJob(job);
  const inputHash = wordOf(`${name}/input hash`);
  const account = accountOf(`${name}/account`);
  const salt = wordOf(`${name}/salt`);
  return {
    name,
    chainId,
    market,
    job,
    fields,
    jobId: jobId(chainId, market, job),
    seatBound: seatBound(fields.quorum),
    collateral: collateralOf(fields),
    escrow: escrowOf(fields),
    inputHash,
    orderNonce: orderPaymentNonce(chainId, market, job, inputHash),
    account,
    salt,
    depositNonce: depositPaymentNonce(chainId, market, account, salt),
    record: { word: record, ...unpackRecord(BigInt(record)) },
  };
}

const market = accountOf("market");
const chainId = 31_337n;

export const jobVectors: VectorFile = {
  about:
    "Jobs as they travel, with their fields and what follows from them, on a chain whose marketplace is `market`; the " +
    "nonces of payments that place the job as an order or are deposited; and, unrelated to them, words of job slots with " +
    "their fields.",
  cases: [
    describe("order", { chainId, market, job: packOrder(SMALL), record: ZeroHash }),
    describe("order with a callback", {
      chainId,
      market,
      job: packOrder(CALLED_BACK),
      record: recordOf(1, 0, 0n, 123_456n, 1_800_000_000n),
    }),
    describe("largest order", {
      chainId: 1n,
      market: LAST_ACCOUNT,
      job: packOrder(LARGEST),
      record: recordOf(10, 7, 2n ** 128n - 1n, 2n ** 48n - 1n, 2n ** 48n - 1n),
    }),
    describe("least words", { chainId, market, job: jobOf(() => ZeroHash), record: recordOf(0, 0, 1n, 0n, 0n) }),
    describe("most words", { chainId, market, job: jobOf(() => ONES), record: recordOf(3, 5, 0n, 0n, 1n) }),
    ...Array.from({ length: 8 }, (_, i) => {
      const label = `varied ${i}`;
      const number = (field: string, bits: number) => numberOf(`${label}/${field}`, bits);
      return describe(label, {
        chainId: number("chain", 32),
        market: accountOf(`${label}/market`),
        job: jobOf((field) => wordOf(`${label}/${field}`)),
        record: recordOf(i + 1, i, number("seed", 128), number("block", 48), number("time", 48)),
      });
    }),
  ],
};
