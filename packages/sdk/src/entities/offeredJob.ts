import { type OptimisticJob, type PackedOptimisticJob, unpackOptimisticJob } from "../codecs/optimisticJob.ts";
import type { EventNamed } from "../events.ts";

/** A job for one node as its request made it. */
export interface OfferedJob {
  readonly jobId: string;
  /** As every call on the job takes it. */
  readonly packed: PackedOptimisticJob;
  /** The same, readable. */
  readonly job: OptimisticJob;
  /** The input's payload if it begins with a zero byte, else the URI of it; hex. */
  readonly input: string;
  readonly transactionHash: string;
}

/** The job that an event carries. */
export function offeredJob({ args, transactionHash }: EventNamed<"JobOffered">): OfferedJob {
  return {
    jobId: args.jobId,
    packed: args.job,
    job: unpackOptimisticJob(args.job),
    input: args.input,
    transactionHash,
  };
}
