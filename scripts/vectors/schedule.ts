import { hexlify, parseEther, toUtf8Bytes, ZeroHash } from "ethers";

import { encodeOrder } from "../../packages/sdk/src/codecs/encodedOrder.ts";
import { packOrder } from "../../packages/sdk/src/codecs/job.ts";
import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import {
  keeperRewardOf,
  packSchedule,
  type PackedSchedule,
  runNonceOf,
  scheduleId,
  unpackSchedule,
} from "../../packages/sdk/src/codecs/schedule.ts";
import { keeperBpsOf, packSchedulerRules } from "../../packages/sdk/src/codecs/schedulerRules.ts";
import { accountOf, LAST_ACCOUNT, numberOf, ONES, type VectorFile, wordOf } from "./samples.ts";

/** What `deploy/parameters/l1.json5` says. */
const MAINNET = { leastInterval: 600n, keeperFloorBps: 5_000n, keeperCapBps: 50_000n, keeperRampPeriod: 300n };
const GAME = { referenceGasPrice: 5_000_000_000n, opgPerEth: 30_000n };

const DRAWN = packOrder({
  requester: accountOf("owner"),
  versionId: wordOf("version"),
  inputRoot: wordOf("input"),
  seatPrice: parseEther("0.25"),
  quorum: 3,
  collateralFactor: 32,
  sealPeriod: 300,
});
const NAMED = packOptimisticOrder({
  requester: accountOf("owner"),
  versionId: wordOf("version"),
  inputRoot: ZeroHash,
  price: parseEther("0.25"),
  node: accountOf("node"),
  answerPeriod: 3_600,
  windowPeriod: 129_600,
});
const TERMS = {
  owner: accountOf("owner"),
  mostReward: parseEther("100"),
  mostCost: parseEther("12"),
  startAt: 1_800_000_000,
  interval: 3_600,
};
const INPUT = hexlify(toUtf8Bytes("ipfs://input"));

function describe(
  name: string,
  chainId: bigint,
  scheduler: string,
  schedule: PackedSchedule,
  run: { readonly index: bigint; readonly lateness: number; readonly inputBytes: number; readonly baseFee: bigint },
  preimages: { readonly order: string; readonly input: string } = { order: "0x", input: "0x" },
) {
  const id = scheduleId(chainId, scheduler, schedule);
  const fields = unpackSchedule(schedule);
  return {
    name,
    chainId,
    scheduler,
    schedule,
    fields,
    scheduleId: id,
    ...run,
    nonce: runNonceOf(id, run.index),
    rules: packSchedulerRules(MAINNET),
    keeperBps: keeperBpsOf(MAINNET, BigInt(run.lateness)),
    ...GAME,
    reward: keeperRewardOf({ schedule: fields, ...run, rules: MAINNET, gameRules: GAME }),
    ...preimages,
  };
}

const scheduler = accountOf("scheduler");
const chainId = 31_337n;
const FIRST = { index: 0n, lateness: 0, inputBytes: 12, baseFee: 0n };

export const scheduleVectors: VectorFile = {
  about:
    "Schedules as they travel, with their fields, their ids on a chain whose scheduler is `scheduler`, the nonce of the " +
    "order of a run, and what its keeper earns under `rules` at the prices of gas beside them. `order` and `input` are " +
    "what the schedule's hashes are of, or empty.",
  cases: [
    describe("of a drawn job", chainId, scheduler, packSchedule(TERMS, DRAWN, INPUT), FIRST, {
      order: encodeOrder(DRAWN),
      input: INPUT,
    }),
    describe(
      "with a source",
      chainId,
      scheduler,
      packSchedule(
        { ...TERMS, source: accountOf("source"), sourceGas: 200_000, noticeGas: 80_000, endsAt: 1_900_000_000 },
        NAMED,
        "0x",
      ),
      { index: 41n, lateness: 150, inputBytes: 640, baseFee: 9_000_000_000n },
      { order: encodeOrder(NAMED), input: "0x" },
    ),
    describe(
      "least words",
      chainId,
      scheduler,
      { owner: ZeroHash, source: ZeroHash, timing: ZeroHash, orderHash: ZeroHash, inputHash: ZeroHash },
      FIRST,
    ),
    describe(
      "most words",
      1n,
      LAST_ACCOUNT,
      { owner: ONES, source: ONES, timing: ONES, orderHash: ONES, inputHash: ONES },
      { index: 2n ** 40n - 1n, lateness: 100_000, inputBytes: 24_576, baseFee: 2n ** 40n },
    ),
    ...Array.from({ length: 6 }, (_, i) => {
      const label = `schedule ${i}`;
      const word = (field: string) => wordOf(`${label}/${field}`);
      const schedule = {
        owner: word("owner"),
        source: word("source"),
        timing: word("timing"),
        orderHash: word("order"),
        inputHash: word("input"),
      };
      return describe(label, numberOf(`${label}/chain`, 32), accountOf(`${label}/scheduler`), schedule, {
        index: numberOf(`${label}/index`, 40),
        lateness: Number(numberOf(`${label}/lateness`, 9)),
        inputBytes: Number(numberOf(`${label}/bytes`, 13)),
        baseFee: numberOf(`${label}/fee`, 36),
      });
    }),
  ],
};
