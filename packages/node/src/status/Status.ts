import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

const STATUS_FILE = "status.json";

const schema = z.object({
  pid: z.int(),
  /** ISO 8601. */
  startedAt: z.string(),
  updatedAt: z.string(),
  /** Of the key that signs. */
  account: z.string(),
  /** The last block that was looked at, and whether all logs up to it have been read. */
  block: z.int(),
  isCaughtUp: z.boolean(),
  /** Jobs for one node, others' statements, games and demands that are looked after. */
  openTasks: z.object({ offer: z.int(), statement: z.int(), game: z.int(), demand: z.int() }),
  /** Wei that the last 24 hours can have cost at most. */
  spent: z.string(),
  /** Where it answers, and a node serves outputs. */
  url: z.string(),
  /** What only a node has. */
  node: z
    .object({
      /** Jobs of several nodes. */
      openJobs: z.int(),
      /** Ids of versions. */
      offered: z.array(z.string()),
      /** Ids of versions that are not run any more, with the reason. */
      quarantined: z.record(z.string(), z.string()),
      /** Amounts in base units of OPG. */
      sessions: z.object({
        open: z.int(),
        /** Earned, not redeemed yet, and not lost. */
        owed: z.string(),
        /** Redeemed, and not final yet. */
        pending: z.string(),
        /** What answers for them. */
        locked: z.string(),
      }),
    })
    .optional(),
  /** What only a watcher has. */
  watcher: z
    .object({
      /** In open challenges and demands, and promised to them; OPG, base units. */
      atStake: z.string(),
      /** Statements that are not checked though more than half of the time to dispute them is over. */
      late: z.int(),
    })
    .optional(),
});

/** What a running daemon says of itself, once a minute, in a file beside its journal. */
export type Status = z.output<typeof schema>;

export function writeStatus(folder: string, status: Status): void {
  const path = join(folder, STATUS_FILE);
  const draft = `${path}.draft`;
  writeFileSync(draft, `${JSON.stringify(status, null, 2)}\n`);
  renameSync(draft, path);
}

/** Undefined where no daemon has run yet, or none of this form. */
export function readStatus(folder: string): Status | undefined {
  const path = join(folder, STATUS_FILE);
  return existsSync(path) ? schema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data : undefined;
}

/** Whether the process that wrote it still runs. */
export function isRunning({ pid }: Status): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
