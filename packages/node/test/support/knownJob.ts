import {
  JobState,
  encodePayload,
  packOrder,
  payloadRoot,
  type Job,
  type JobRecord,
  type Rules,
} from "@opg-protocol/sdk";
import { ZeroAddress, ZeroHash, id } from "ethers";

import type { KnownJob } from "../../dist/chain/Chain.js";
import { IMAGE } from "./network.ts";

export const VERSION = id("version") as `0x${string}`;
export const ORDERED_AT = 1_000_000;
export const HORIZON = 3_600;
export const SEED_BLOCK = 102;
export const BLOCK = 100;

const RULES = {
  feeBps: 0n,
  seatFactorBps: 15_000n,
  absenceBps: 0n,
  noResultFeeBps: 0n,
  errorFeeBps: 0n,
  royaltyCapBps: 0n,
  drawnValueCap: 0n,
  maxSealPeriod: 600n,
  widenSteps: 3n,
  appealWidenSteps: 1n,
  appealSize: 12n,
  activationPeriod: 10n,
  revealPeriod: 60n,
  appealSealPeriod: 100n,
  appealRevealPeriod: 60n,
  horizonPeriod: BigInt(HORIZON),
} satisfies Rules;

/** An order of two nodes with steps of ten seconds, for the image, with 5 OPG units a seat and 40 of collateral. */
export function knownJob(changes: Partial<Job> = {}, rest: Partial<KnownJob> = {}): KnownJob {
  const job: Job = {
    requester: ZeroAddress,
    versionId: VERSION,
    inputRoot: payloadRoot([IMAGE]),
    seatPrice: 5n,
    quorum: 2,
    collateralFactor: 8,
    sealPeriod: 10,
    auditBps: 0,
    callback: ZeroAddress,
    callbackGas: 0,
    deliveryTip: 0n,
    nonce: 0n,
    windowPeriod: 0,
    requestedAt: ORDERED_AT,
    requestBlock: BLOCK,
    royalty: 0n,
    royaltyPayee: ZeroAddress,
    rules: RULES,
    ...changes,
  };
  return { jobId: id("job"), packed: packOrder(job), job, input: encodePayload([IMAGE]), blockNumber: BLOCK, ...rest };
}

/** A job that is open and whose first draw began with the order. */
export const openRecord = (changes: Partial<JobRecord> = {}): JobRecord => ({
  state: JobState.Open,
  seedBlockFixed: false,
  delivered: false,
  tipReclaimed: false,
  seed: 7n,
  seedBlock: SEED_BLOCK,
  result: ZeroHash,
  startedAt: ORDERED_AT,
  ...changes,
});
