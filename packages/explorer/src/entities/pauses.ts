import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";

/** A contract that the pause guardian can close for new entries. */
export type PausableContract = TimedEventNamed<"EntriesPaused">["contract"];

/** Whether a contract takes new entries. */
export interface Entries {
  readonly contract: PausableContract;
  /** What is refused while they are closed. */
  readonly closes: string;
  /** Closed until then, unix seconds; zero if they never were. */
  readonly closedUntil: number;
  readonly tx: string | undefined;
}

/** One use of the pause. Times in unix seconds. */
export interface Pause {
  readonly guardian: string;
  readonly at: number;
  /** When it was to end by itself. */
  readonly endsAt: number;
  readonly tx: string;
  /** When it was ended before its time. */
  readonly resumed: { readonly at: number; readonly tx: string } | undefined;
}

const CLOSES: Readonly<Record<PausableContract, string>> = {
  market: "orders that several nodes answer",
  optimistic: "orders that one node answers",
  sessions: "sessions and deposits",
  scheduler: "schedules and their runs",
  registry: "models and versions",
  staking: "nodes, stake and delegations",
};

/** Each contract with entries, and until when they are closed. */
export function entriesOf(index: EventIndex): readonly Entries[] {
  const last = new Map(index.named("EntriesPaused").map((event) => [event.contract, event]));
  return CONTRACTS.map((contract) => {
    const event = last.get(contract);
    const closedUntil = Number(event?.args.time ?? 0);
    return { contract, closes: CLOSES[contract], closedUntil, tx: event?.transactionHash };
  });
}

const CONTRACTS: readonly PausableContract[] = ["market", "optimistic", "sessions", "scheduler", "registry", "staking"];

/** All pauses, newest first. */
export function pausesOf(index: EventIndex): readonly Pause[] {
  const pauses: Pause[] = [];
  for (const event of index.named("Paused", "Resumed")) {
    const { timestamp: at, transactionHash: tx } = event;
    if (event.name === "Paused") {
      pauses.unshift({ guardian: event.args.guardian, at, endsAt: Number(event.args.endsAt), tx, resumed: undefined });
    } else if (pauses[0] !== undefined) {
      pauses[0] = { ...pauses[0], resumed: { at, tx } };
    }
  }
  return pauses;
}
