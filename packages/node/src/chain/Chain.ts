import type { EntryKind } from "./entries.ts";
import type { InferenceResult, Job, NextStep, Pack, PackedJob, Round, StoredJob, Version } from "@opg-protocol/sdk";

import type { JournalTask } from "../journal/Journal.ts";

/** The head of the chain. */
export interface Head {
  readonly number: number;
  readonly hash: string;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** A job with all that the node needs to know of it. */
export interface KnownJob {
  readonly jobId: string;
  readonly packed: PackedJob;
  readonly job: Job;
  /** The payload itself, or its URI. */
  readonly input: Uint8Array;
  readonly blockNumber: number;
}

/** What has happened in a round, seen by this node. */
export interface RoundView {
  readonly roundId: string;
  readonly round: Round;
  /** Root of the output with most reveals; zero if there is none. */
  readonly leader: string;
  /** What this node has done in it. */
  readonly entry: EntryKind;
  /** The seals, where they are packed: nothing can be done with a single one before they are unpacked. */
  readonly pack: Pack | undefined;
}

/** What this node serves of a version. OPG in base units, times in unix seconds. */
export interface ServingView {
  readonly weight: bigint;
  readonly maxLock: bigint;
  readonly used: bigint;
  readonly earned: bigint;
  readonly endsAt: number;
}

/** The node's stake now. OPG, base units. */
export interface StakeView {
  /** What backs its locks: own bonded stake, and delegated stake up to the ratio. */
  readonly backing: bigint;
  /** Own bonded stake. */
  readonly own: bigint;
  /** Whether its locks are backed: without that it is not let into draws. */
  readonly covered: boolean;
  /** The key that acts for it. */
  readonly signer: string;
}

/** A call to one of the contracts, ready to be sent. */
export interface Call {
  readonly to: string;
  readonly data: string;
}

/** What the logs of a range of blocks say to the node. */
export interface Findings {
  /** Jobs for versions that the node asked about. */
  readonly jobs: readonly KnownJob[];
  /** What else is to be looked after. */
  readonly tasks: readonly JournalTask[];
  /** Ids of jobs, rounds, statements, disputes and sessions of which something was heard. */
  readonly touched: ReadonlySet<string>;
}

/** Of which events the node wants to know. */
export interface Interest {
  /** Versions whose draws are looked at. */
  readonly versions: ReadonlySet<string>;
  /** Versions whose jobs for one node are. */
  readonly offers: ReadonlySet<string>;
  /** Whose challenges and demands: as a node that is accused, and as an account that accuses. A node has sessions, too. */
  readonly node: string | undefined;
  readonly account: string | undefined;
  /** Whether others' statements are checked. */
  readonly statements: boolean;
}

/** The protocol as one node sees it: reads, and calls that it may send. */
export interface Chain {
  head(): Promise<Head>;
  blockHash(number: number): Promise<string | undefined>;
  findings(from: number, to: number, interest: Interest): Promise<Findings>;

  /** Undefined if there is no such version. */
  version(versionId: string): Promise<Version | undefined>;
  /** Undefined if there is no such job. */
  record(jobId: string): Promise<StoredJob | undefined>;
  /** The ids of the rounds that a job can have: first draw, audit, appeal. */
  roundIds(job: KnownJob): readonly string[];
  round(job: KnownJob, attempt: number): Promise<RoundView>;
  /** All who have sealed, as calls that end a draw take them. */
  seats(job: KnownJob): Promise<readonly string[]>;
  weights(versionId: string, time: number): Promise<{ readonly weight: bigint; readonly total: bigint }>;
  serving(versionId: string): Promise<ServingView>;
  /** What can move a job in the next block. */
  nextStep(job: KnownJob): Promise<NextStep>;
  stake(): Promise<StakeView>;

  sealOf(roundId: string, outputRoot: string, salt: string): string;
  commit(job: KnownJob, commitment: string): Call;
  unpack(pack: Pack): Call;
  reveal(roundId: string, outputRoot: string, salt: string): Call;
  revealAndSettle(job: KnownJob, outputRoot: string, salt: string, seats: readonly string[]): Call;
  settle(job: KnownJob, seats: readonly string[]): Call;
  expire(job: KnownJob, seats: readonly string[]): Call;
  advance(job: KnownJob, seats: readonly string[]): Call;
  deliver(job: KnownJob, result: InferenceResult): Call;
  serve(versionId: string, weight: bigint, maxLock: bigint, endsAt: number): Call;
  unserve(versionId: string): Call;
  claim(versionId: string): Call;
}
