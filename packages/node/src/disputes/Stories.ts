import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { Journal, JournalTask } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";

const FILE = "disputes.json";
/** Games, demands and statements that people are told of. */
const MOST = 500;

const viewSchema = z.object({
  statementId: z.string().optional(),
  /** What this process is in it. */
  role: z.enum(["node", "challenger", "payer", "watcher"]).optional(),
  node: z.string().optional(),
  state: z.string().optional(),
  /** Who has to move, and until when; unix seconds. */
  turn: z.string().optional(),
  deadline: z.int().optional(),
  /** OPG, base units. */
  bond: z.string().optional(),
});

const schema = z.object({
  /** ISO 8601. */
  updatedAt: z.string(),
  disputes: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(["offer", "statement", "game", "demand"]),
      isOpen: z.boolean(),
      ...viewSchema.shape,
      notes: z.array(z.object({ at: z.string(), text: z.string() })),
    }),
  ),
});

/** Where a game, a demand or somebody's statement stands. */
export type View = z.output<typeof viewSchema>;
/** What a running daemon says of disputes. */
export type Disputes = z.output<typeof schema>;

/** Tells people what is done in disputes and why: in the log, in the journal, and in a file that others can read. */
export class Stories {
  constructor(
    private readonly folder: string,
    private readonly journal: Journal,
    private readonly log: Logger,
  ) {
    this.write();
  }

  /** Says what was done or found, and why, unless it was said last. */
  say({ id, kind }: JournalTask, text: string, level: "info" | "warn" | "error" = "info"): void {
    if (!this.journal.note(id, text)) return;
    this.log[level]({ [kind]: id }, text);
    this.write();
  }

  /** Says where it stands. */
  show({ id }: JournalTask, view: View): void {
    if (this.journal.setView(id, JSON.stringify(view))) this.write();
  }

  /** To be called when a task was closed. */
  write(): void {
    const disputes = this.journal.stories(MOST).map(({ id, kind, view, isOpen, notes }) => ({
      id,
      kind,
      isOpen,
      ...viewSchema.parse(JSON.parse(view)),
      notes: notes.map(({ at, text }) => ({ at: new Date(at).toISOString(), text })),
    }));
    const report: Disputes = { updatedAt: new Date().toISOString(), disputes };
    const path = join(this.folder, FILE);
    writeFileSync(`${path}.draft`, `${JSON.stringify(report, null, 2)}\n`);
    renameSync(`${path}.draft`, path);
  }
}

/** Undefined where nothing has run yet. */
export function readDisputes(folder: string): Disputes | undefined {
  const path = join(folder, FILE);
  return existsSync(path) ? schema.parse(JSON.parse(readFileSync(path, "utf8"))) : undefined;
}
