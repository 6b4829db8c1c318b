import type { Happened } from "./jobRounds.ts";

/** Something that happened to a job. */
export interface TimelineEntry extends Happened {
  /** Tells entries of one job apart. */
  readonly key: string;
  readonly title: string;
  readonly tone: "good" | "bad" | "wait" | "plain";
  /** Accounts that did it, or that it happened to. */
  readonly who: readonly string[];
  /** One sentence more. */
  readonly note: string | undefined;
  /** OPG, base units. */
  readonly amount: bigint | undefined;
  /** What is stated, or what the job ended with. */
  readonly outputRoot: string | undefined;
  /** The game about it. */
  readonly disputeId: string | undefined;
}

/** What an event has to say; the rest of its entry is blank. */
export type Told = Partial<Omit<TimelineEntry, "key" | "at" | "tx">> & { readonly title: string };
