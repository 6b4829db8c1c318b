import type { OptimisticState } from "../codecs/optimisticJob.ts";
import type { EventNamed } from "../events.ts";

/** How a job for one node ended. Amounts in base units of OPG. */
export interface ClosedJob {
  readonly jobId: string;
  readonly state: OptimisticState;
  /** Who had it last. */
  readonly node: string;
  /** Root of the output, or of the stated error; undefined where the job has no result. */
  readonly outputRoot: string | undefined;
  /** Went back to the requester's balance. */
  readonly refund: bigint;
  /** Waits for the treasury. */
  readonly fee: bigint;
  /** Went to the owner of the model. */
  readonly royalty: bigint;
  /** What the node has earned. */
  readonly pay: bigint;
  readonly transactionHash: string;
}

/** The end of a job for one node that an event tells. */
export function closedJob({ args, transactionHash }: EventNamed<"JobClosed">): ClosedJob {
  const { jobId, state, node, outputRoot, refund, fee, royalty, pay } = args;
  return {
    jobId,
    state: Number(state) as OptimisticState,
    node,
    outputRoot: BigInt(outputRoot) === 0n ? undefined : outputRoot,
    refund,
    fee,
    royalty,
    pay,
    transactionHash,
  };
}
