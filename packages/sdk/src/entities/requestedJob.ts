import { type Job, type PackedJob, unpackJob } from "../codecs/job.ts";
import type { EventNamed } from "../events.ts";

/** A job as its request made it. */
export interface RequestedJob {
  readonly jobId: string;
  /** As every call on the job takes it. */
  readonly packed: PackedJob;
  /** The same, readable. */
  readonly job: Job;
  /** The input's payload if it begins with a zero byte, else the URI of it; hex. */
  readonly input: string;
  readonly transactionHash: string;
}

/** The job that an event carries. */
export function requestedJob({ args, transactionHash }: EventNamed<"JobRequested">): RequestedJob {
  return { jobId: args.jobId, packed: args.job, job: unpackJob(args.job), input: args.input, transactionHash };
}
