import type { Client } from "../../client.ts";
import { unpackJob } from "../../codecs/job.ts";
import { parseLog, topicOf } from "../../events.ts";
import { findLogs } from "../../logs.ts";
import { roundIdOf } from "./getRound.ts";
import type { JobParameters } from "./job.ts";

/** A node that sealed. */
export interface Seat {
  readonly node: string;
  readonly commitment: string;
  /** What it revealed; undefined as long as it has not. */
  readonly outputRoot: string | undefined;
}

const ATTEMPTS = [0, 1, 2] as const;

/** Who sealed and what they revealed: one list for each draw (first, audit, appeal), each ascending by address. */
export async function getSeats(client: Client, { job }: JobParameters): Promise<readonly (readonly Seat[])[]> {
  const rounds = ATTEMPTS.map((attempt) => roundIdOf(client, job, attempt));
  const names = [topicOf("commitments", "ResultSealed"), topicOf("commitments", "ResultRevealed")];
  const logs = await findLogs(
    client,
    { contract: "commitments", topics: [names, rounds] },
    unpackJob(job).requestBlock,
  );

  const draws = rounds.map(() => new Map<string, Seat>());
  for (const log of logs) {
    const event = parseLog(client.addresses, log);
    if (event?.name !== "ResultSealed" && event?.name !== "ResultRevealed") continue;
    const { roundId, node } = event.args;
    const seats = draws[rounds.indexOf(roundId)];
    if (event.name === "ResultSealed") {
      seats?.set(node, { node, commitment: event.args.commitment, outputRoot: undefined });
    } else {
      const sealed = seats?.get(node);
      if (sealed !== undefined) seats?.set(node, { ...sealed, outputRoot: event.args.outputRoot });
    }
  }
  return draws.map((seats) => [...seats.values()].sort((a, b) => (BigInt(a.node) < BigInt(b.node) ? -1 : 1)));
}

/** Seats as `settle` and its kin take them. */
export const seatList = (draws: readonly (readonly Seat[])[]): string[] => draws.flat().map(({ node }) => node);
