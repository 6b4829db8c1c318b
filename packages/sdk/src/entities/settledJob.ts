import type { JobState } from "../codecs/job.ts";
import type { EventNamed } from "../events.ts";

/** How a job ended. Amounts in base units of OPG. */
export interface SettledJob {
  readonly jobId: string;
  readonly state: JobState;
  /** Root of the output, or of the agreed error; undefined where the job has no result. */
  readonly outputRoot: string | undefined;
  /** Went back to the requester's balance. */
  readonly refund: bigint;
  /** Waits for the treasury. */
  readonly fee: bigint;
  /** Went to the owner of the model. */
  readonly royalty: bigint;
  /** What all right seats together earned out of the escrow. */
  readonly pay: bigint;
  /** What each right seat of the appeal earned out of what others lost. */
  readonly share: bigint;
  readonly transactionHash: string;
}

/** The end of a job that an event tells. */
export function settledJob({ args, transactionHash }: EventNamed<"JobSettled">): SettledJob {
  const { jobId, state, outputRoot, refund, fee, royalty, pay, share } = args;
  return {
    jobId,
    state: Number(state) as JobState,
    outputRoot: BigInt(outputRoot) === 0n ? undefined : outputRoot,
    refund,
    fee,
    royalty,
    pay,
    share,
    transactionHash,
  };
}
