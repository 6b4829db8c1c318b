import type { Client } from "../../client.ts";
import type { JobRecord } from "../../codecs/job.ts";
import { type RequestedJob, requestedJob } from "../../entities/requestedJob.ts";
import { NotFoundError } from "../../errors/faults.ts";
import { parseLog, topicOf } from "../../events.ts";
import { findLastLog } from "../../logs.ts";
import { readRecord } from "./job.ts";

export interface GetJobParameters {
  readonly jobId: string;
}

/** A job as its request made it, and where it stands now. */
export interface JobWithRecord extends RequestedJob {
  readonly record: JobRecord;
}

/**
 * Finds a job by its id: its fields in the log of its request, its state in storage.
 * @throws NotFoundError if there is no such job.
 */
export async function getJob(client: Client, { jobId }: GetJobParameters): Promise<JobWithRecord> {
  const { record } = await readRecord(client, jobId);
  const query = { contract: "market", topics: [topicOf("market", "JobRequested"), jobId] } as const;
  const log = await findLastLog(client, { ...query, topics: [...query.topics] }, client.startBlock);
  const event = log === undefined ? undefined : parseLog(client.addresses, log);
  if (event?.name !== "JobRequested") throw new NotFoundError("job", jobId);
  return { ...requestedJob(event), record };
}
