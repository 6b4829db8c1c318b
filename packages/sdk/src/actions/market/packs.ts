import type { Client } from "../../client.ts";
import type { PackedSeal } from "../../codecs/commitment.ts";
import { type PackedJob, unpackJob } from "../../codecs/job.ts";
import { unpackRound } from "../../codecs/round.ts";
import { settledJob } from "../../entities/settledJob.ts";
import { eventsIn, type LogPosition, parseLog, type ProtocolEvent } from "../../events.ts";
import { findLastEvent, findLogs, logQuery } from "../../logs.ts";
import { jobIdOf } from "./jobs.ts";

/** Seals that came together and opened a round: storage has one hash of them, the logs have the rest. */
export interface Pack {
  readonly roundId: string;
  /** Clock and counts as `RoundOpened` has them, which is how calls take them. */
  readonly word: bigint;
  /** In the order of the logs, which is how calls take them. */
  readonly seals: readonly PackedSeal[];
  /** Where the seals got entries of their own; undefined as long as they have none. */
  readonly unpacked: LogPosition | undefined;
}

/** What happened in rounds of a job, oldest first. */
export async function roundEvents(
  client: Client,
  job: PackedJob,
  rounds: readonly string[],
): Promise<readonly ProtocolEvent[]> {
  const query = logQuery("commitments", ["RoundOpened", "ResultSealed", "RoundUnpacked", "ResultRevealed"], rounds);
  const logs = await findLogs(client, query, unpackJob(job).requestBlock);
  return logs.flatMap((log) => parseLog(client.addresses, log) ?? []);
}

/** What was packed of a round, by its events. */
export function packIn(roundId: string, all: readonly ProtocolEvent[]): Pack | undefined {
  const events = all.filter(({ args }) => "roundId" in args && args.roundId === roundId);
  const word = eventsIn({ events }, "RoundOpened")[0]?.args.terms;
  const round = word === undefined ? undefined : unpackRound(word);
  if (word === undefined || round?.isPacked !== true) return undefined;
  // Those who sealed later, after it was unpacked, follow them.
  const sealed = eventsIn({ events }, "ResultSealed").slice(0, round.sealedCount);
  const seals = sealed.map(({ args: { node, commitment } }) => ({ node, commitment }));
  return { roundId, word, seals, unpacked: eventsIn({ events }, "RoundUnpacked")[0] };
}

/** What all seals of a pack hide, if the job ended while they were packed: only showing that can have ended it. */
export async function outputOfPack(client: Client, job: PackedJob, { unpacked }: Pack): Promise<string | undefined> {
  const { requestBlock } = unpackJob(job);
  const settled = await findLastEvent(client, "market", "JobSettled", [jobIdOf(client, job)], requestBlock);
  if (settled === undefined || (unpacked !== undefined && isBefore(unpacked, settled))) return undefined;
  return settledJob(settled).outputRoot;
}

const isBefore = (a: LogPosition, b: LogPosition): boolean =>
  a.blockNumber < b.blockNumber || (a.blockNumber === b.blockNumber && a.logIndex < b.logIndex);
