import { type Addresses, parseLog, requestedJob, topicsOf } from "@opg-protocol/sdk";
import { getBytes, type JsonRpcApiProvider } from "ethers";

import type { JournalTask } from "../journal/Journal.ts";
import type { Findings, Interest, KnownJob } from "./Chain.ts";
import { beginnings, taskIn } from "./tasks.ts";

/** Events that tell of jobs, statements and disputes. Their first argument is the id of one, or of a round. */
const TOPICS = topicsOf([
  "JobRequested",
  "SeedRecorded",
  "SeedBlockFixed",
  "DrawStarted",
  "JobSettled",
  "ResultDelivered",
  "DeliveryFailed",
  "RoundOpened",
  "ResultSealed",
  "RoundUnpacked",
  "ResultRevealed",
  "JobOffered",
  "JobReserved",
  "JobAnswered",
  "JobReopened",
  "JobClosed",
  "Challenged",
  "Entered",
  "Laid",
  "Answered",
  "Picked",
  "Shown",
  "WordsDemanded",
  "WordsSupplied",
  "DisputeEnded",
]);
/** Events that change what a session is worth. Their first argument is its id. */
const SESSION_TOPICS = topicsOf([
  "SessionOpened",
  "SessionFunded",
  "SessionClosing",
  "SessionSettled",
  "SessionFalsified",
  "VoucherRedeemed",
]);
const [JOB_REQUESTED] = topicsOf(["JobRequested"]);

/** A provider does not have a block of which it is asked: logs that it gives of it would be none. */
export class BlockMissingError extends Error {
  override readonly name = "BlockMissingError";

  constructor(readonly number: number) {
    super(`The provider does not have block ${number}`);
  }
}

/**
 * What the logs of blocks say. The last of the blocks is asked for together with them: a provider of several machines would
 * give no logs, and no error, from one that has not come so far.
 * @throws BlockMissingError
 */
export async function readFindings(
  provider: Pick<JsonRpcApiProvider, "getBlock" | "getLogs">,
  addresses: Addresses,
  from: number,
  to: number,
  interest: Interest,
): Promise<Findings> {
  const contracts = [addresses.market, addresses.optimistic, addresses.commitments, addresses.disputes];
  const [address, topics] =
    interest.node === undefined
      ? [contracts, TOPICS]
      : [
          [...contracts, addresses.sessions],
          [...TOPICS, ...SESSION_TOPICS],
        ];
  const [logs, last] = await Promise.all([
    provider.getLogs({ address, topics: [topics], fromBlock: from, toBlock: to }),
    provider.getBlock(to),
  ]);
  if (last === null) throw new BlockMissingError(to);
  const jobs: KnownJob[] = [];
  const tasks: JournalTask[] = [];
  const touched = new Set<string>();
  const begins = new Set(topicsOf(beginnings(interest)));
  for (const log of logs) {
    const [event, subject, second, versionId] = log.topics;
    if (subject === undefined) continue;
    touched.add(subject);
    if (second !== undefined) touched.add(second);
    if (event !== JOB_REQUESTED) {
      const task = begins.has(event ?? "") ? taskIn(parseLog(addresses, log), interest) : undefined;
      if (task !== undefined) tasks.push(task);
      continue;
    }
    if (versionId === undefined || !interest.versions.has(versionId)) continue;
    const parsed = parseLog(addresses, log);
    if (parsed?.name !== "JobRequested") continue;
    const { jobId, packed, job, input } = requestedJob(parsed);
    jobs.push({ jobId, packed, job, input: getBytes(input), blockNumber: log.blockNumber });
  }
  return { jobs, tasks, touched };
}
