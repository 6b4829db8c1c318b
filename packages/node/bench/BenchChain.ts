import { id, ZeroAddress, ZeroHash } from "ethers";

import {
  encodePayload,
  JobState,
  payloadRoot,
  type Job,
  type PackedJob,
  type StoredJob,
  type Tensor,
} from "@opg-protocol/sdk";

import type { Call, KnownJob, RoundView } from "../dist/chain/Chain.js";
import { FakeChain } from "../test/support/FakeChain.ts";

/** The chain's clock stands still: what is measured is the node, not the waiting. */
export const NOW = 1_800_000_000;
const SEALS = 3;

type Phase = "ordered" | "sealed" | "revealed";

/** A chain on which every draw falls on this node, sealing is over once it has sealed, and its reveal ends the job. */
export class BenchChain extends FakeChain {
  readonly #phases = new Map<string, Phase>();

  override record = (jobId: string): Promise<StoredJob | undefined> => {
    const isOver = this.#phases.get(jobId) === "revealed";
    const record = {
      state: isOver ? JobState.Agreed : JobState.Open,
      seedBlockFixed: false,
      delivered: false,
      tipReclaimed: false,
      seed: 1n,
      seedBlock: 1,
      result: ZeroHash,
      startedAt: NOW,
    };
    return Promise.resolve({ record, word: 0n, satWeight: 0n });
  };

  override round({ jobId }: KnownJob, attempt: number): Promise<RoundView> {
    const isSealed = this.#phases.get(jobId) === "sealed";
    const sealEndsAt = isSealed ? NOW : 0;
    const round = {
      sealEndsAt,
      lastSealEndsAt: sealEndsAt,
      revealPeriod: 60,
      least: 2,
      most: 9,
      sealedCount: isSealed ? SEALS : 0,
      revealedCount: 0,
      leaderCount: 0,
      lastRevealBlock: 0,
      windowPeriod: 0,
      isPacked: false,
    };
    const entry = isSealed ? "sealed" : "none";
    const roundId = this.roundId(jobId, attempt);
    return Promise.resolve({ roundId, round, leader: ZeroHash, entry, pack: undefined });
  }

  override commit({ jobId }: KnownJob): Call {
    this.#phases.set(jobId, "sealed");
    return { to: ZeroAddress, data: "0x" };
  }

  override reveal(roundId: string): Call {
    return { to: roundId, data: "0x" };
  }

  /** The reveal of a job is mined. */
  end(jobId: string): void {
    this.#phases.set(jobId, "revealed");
  }

  /** The job is of no interest any more: the bench must not be what grows. */
  forget(jobId: string): void {
    this.#phases.delete(jobId);
  }
}

const RULES = {
  seatFactorBps: 15_000n,
  widenSteps: 4n,
  activationPeriod: 2n,
  horizonPeriod: 220n,
} as Job["rules"];

/** A job with an input of its own. */
export function jobWith(number: number, versionId: string, image: Tensor): KnownJob {
  const inputRoot = payloadRoot([image]);
  const job: Job = {
    requester: ZeroAddress,
    versionId,
    inputRoot,
    seatPrice: 1n,
    quorum: 2,
    collateralFactor: 8,
    sealPeriod: 60,
    auditBps: 0,
    callback: ZeroAddress,
    callbackGas: 0,
    deliveryTip: 0n,
    nonce: BigInt(number),
    windowPeriod: 0,
    requestedAt: NOW,
    requestBlock: number,
    royalty: 0n,
    royaltyPayee: ZeroAddress,
    rules: RULES,
  };
  const packed = { versionId, inputRoot } as PackedJob;
  return { jobId: id(`job ${number}`), packed, job, input: encodePayload([image]), blockNumber: number };
}
