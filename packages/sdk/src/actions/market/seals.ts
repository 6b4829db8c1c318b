import type { Client } from "../../client.ts";
import type { PackedSeal } from "../../codecs/commitment.ts";
import type { PackedJob } from "../../codecs/job.ts";
import { eventsIn, type LogPosition } from "../../events.ts";
import { roundIdOf } from "./jobs.ts";
import { outputOfPack, type Pack, packIn, roundEvents } from "./packs.ts";

/** A node's seal in the logs of a job's rounds, and what came of it. */
export interface LoggedSeal extends PackedSeal, Pick<LogPosition, "transactionHash" | "blockNumber"> {
  /** 0 first draw, 1 audit, 2 appeal. */
  readonly attempt: number;
  readonly roundId: string;
  /** What it was shown to hide; undefined as long as it was not. */
  readonly outputRoot: string | undefined;
  /** It was shown with all others of its pack, by which the job ended: it needs no reveal of its own. */
  readonly isShown: boolean;
}

/** What the logs have of a job's rounds. */
export interface FoundSeals {
  /** Each node's once in a round. */
  readonly seals: readonly LoggedSeal[];
  /** With which the first draw was opened, if it was. */
  readonly pack: Pack | undefined;
}

/** First draw, audit, appeal. */
export const ATTEMPTS = [0, 1, 2] as const;

/** All seals of a job, in one reading of its logs. */
export async function findSeals(client: Client, job: PackedJob): Promise<FoundSeals> {
  const rounds = ATTEMPTS.map((attempt) => roundIdOf(client, job, attempt));
  const events = await roundEvents(client, job, rounds);
  const pack = packIn(roundIdOf(client, job, 0), events);
  const shown = pack && (await outputOfPack(client, job, pack));
  const packed = shown === undefined ? [] : (pack?.seals ?? []);

  const seals = new Map<string, LoggedSeal>();
  for (const { args, transactionHash, blockNumber } of eventsIn({ events }, "ResultSealed")) {
    const { roundId, node, commitment } = args;
    const attempt = rounds.indexOf(roundId);
    const isShown = attempt === 0 && packed.some((one) => one.node === node && one.commitment === commitment);
    const found = { attempt, roundId, isShown, outputRoot: isShown ? shown : undefined };
    seals.set(`${roundId}/${node}`, { node, commitment, ...found, transactionHash, blockNumber });
  }
  for (const { args } of eventsIn({ events }, "ResultRevealed")) {
    const { roundId, node, outputRoot } = args;
    const seal = seals.get(`${roundId}/${node}`);
    if (seal !== undefined) seals.set(`${roundId}/${node}`, { ...seal, outputRoot });
  }
  return { seals: [...seals.values()], pack };
}
