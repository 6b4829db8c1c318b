import { JobState, type JobRecord, type NextStep, type Pack, type StoredJob, type Version } from "@opg-protocol/sdk";
import { ZeroHash, id } from "ethers";

import type {
  Call,
  Chain,
  Findings,
  Head,
  KnownJob,
  RoundView,
  ServingView,
  StakeView,
} from "../../dist/chain/Chain.js";

const EMPTY_ROUND = {
  sealEndsAt: 0,
  lastSealEndsAt: 0,
  revealPeriod: 60,
  least: 2,
  most: 9,
  sealedCount: 0,
  revealedCount: 0,
  leaderCount: 0,
  lastRevealBlock: 0,
  windowPeriod: 0,
  isPacked: false,
};

export const SIGNER = `0x${"51".repeat(20)}`;

/** A chain that says what a test wants it to say. Calls come back as readable text. */
export class FakeChain implements Chain {
  readonly rounds = new Map<string, RoundView>();
  readonly hashes = new Map<number, string>();
  versionNow: Version | undefined;
  stored: StoredJob | undefined;
  servingNow: ServingView = { weight: 0n, maxLock: 0n, used: 0n, earned: 0n, endsAt: 0 };
  stakeNow: StakeView = { backing: 1_000n, own: 1_000n, covered: true, signer: SIGNER };
  weightsNow = { weight: 1n, total: 1n };
  stepNow: NextStep["step"] = "none";

  roundId(jobId: string, attempt: number): string {
    return id(`${jobId}/${attempt}`);
  }

  setRecord(record: JobRecord, satWeight = 0n): void {
    this.stored = { record, satWeight, word: 0n };
  }

  setRound(
    jobId: string,
    attempt: number,
    entry: RoundView["entry"],
    round: Partial<RoundView["round"]> = {},
    leader = ZeroHash,
  ) {
    const roundId = this.roundId(jobId, attempt);
    this.rounds.set(roundId, { roundId, round: { ...EMPTY_ROUND, ...round }, leader, entry, pack: undefined });
  }

  /** A first draw of which the seals are packed, with or without that of this node. */
  setPacked(jobId: string, entry: "none" | "sealed", round: Partial<RoundView["round"]>): void {
    this.setRound(jobId, 0, entry, { ...round, isPacked: true });
    const roundId = this.roundId(jobId, 0);
    const view = this.rounds.get(roundId);
    if (view === undefined) throw new Error("has just been set");
    this.rounds.set(roundId, { ...view, pack: { roundId, word: 0n, seals: [], unpacked: undefined } });
  }

  head(): Promise<Head> {
    return Promise.reject(new Error("not asked for"));
  }
  findings(): Promise<Findings> {
    return Promise.reject(new Error("not asked for"));
  }
  blockHash(number: number): Promise<string | undefined> {
    return Promise.resolve(this.hashes.get(number));
  }
  version(): Promise<Version | undefined> {
    return Promise.resolve(this.versionNow);
  }
  /** Of whatever job. */
  record: (jobId: string) => Promise<StoredJob | undefined> = () => Promise.resolve(this.stored);
  roundIds({ jobId }: KnownJob): readonly string[] {
    return [0, 1, 2].map((attempt) => this.roundId(jobId, attempt));
  }
  round({ jobId }: KnownJob, attempt: number): Promise<RoundView> {
    const roundId = this.roundId(jobId, attempt);
    const empty: RoundView = { roundId, round: EMPTY_ROUND, leader: ZeroHash, entry: "none", pack: undefined };
    return Promise.resolve(this.rounds.get(roundId) ?? empty);
  }
  seats(): Promise<readonly string[]> {
    return Promise.resolve(["seat"]);
  }
  weights(): Promise<{ readonly weight: bigint; readonly total: bigint }> {
    return Promise.resolve(this.weightsNow);
  }
  serving(): Promise<ServingView> {
    return Promise.resolve(this.servingNow);
  }
  nextStep(): Promise<NextStep> {
    return Promise.resolve({ step: this.stepNow, state: JobState.Open, next: JobState.Agreed });
  }
  stake(): Promise<StakeView> {
    return Promise.resolve(this.stakeNow);
  }

  sealOf(roundId: string, outputRoot: string, salt: string): string {
    return [roundId, outputRoot, salt].join("+");
  }
  commit(job: KnownJob, commitment: string): Call {
    return call("commit", job.jobId, commitment);
  }
  unpack({ roundId }: Pack): Call {
    return call("unpack", roundId);
  }
  reveal(roundId: string, outputRoot: string, salt: string): Call {
    return call("reveal", roundId, outputRoot, salt);
  }
  revealAndSettle(job: KnownJob, outputRoot: string, salt: string, seats: readonly string[]): Call {
    return call("revealAndSettle", job.jobId, outputRoot, salt, ...seats);
  }
  settle(job: KnownJob, seats: readonly string[]): Call {
    return call("settle", job.jobId, ...seats);
  }
  expire(job: KnownJob, seats: readonly string[]): Call {
    return call("expire", job.jobId, ...seats);
  }
  advance(job: KnownJob, seats: readonly string[]): Call {
    return call("advance", job.jobId, ...seats);
  }
  deliver(job: KnownJob, result: object): Call {
    return call("deliver", job.jobId, ...Object.keys(result));
  }
  serve(versionId: string, weight: bigint, maxLock: bigint, endsAt: number): Call {
    return call("serve", versionId, `${weight}`, `${maxLock}`, `${endsAt}`);
  }
  unserve(versionId: string): Call {
    return call("unserve", versionId);
  }
  claim(versionId: string): Call {
    return call("claim", versionId);
  }
}

const call = (...words: readonly string[]): Call => ({ to: SIGNER, data: words.join(" ") });
