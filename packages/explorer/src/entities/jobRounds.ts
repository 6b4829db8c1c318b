import { type Round, unpackRound } from "@opg-protocol/sdk";

import type { JobEvent, JobTrack } from "./jobTracks.ts";

/** Something that happened: when, and in which transaction. */
export interface Happened {
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
}

/** A node's part in a round. */
export interface JobSeat {
  readonly node: string;
  /** 0 first draw, 1 audit, 2 appeal; where one node answers 0 always. */
  readonly attempt: number;
  readonly roundId: string;
  readonly sealed: Happened;
  /** What it states; undefined as long as it has not shown it. */
  readonly outputRoot: string | undefined;
  /** Where it showed that; of a round that ended packed, where the job was settled. */
  readonly revealed: Happened | undefined;
  /** It came together with others, as one hash. */
  readonly isPacked: boolean;
  /** It was shown together with all others of its round, so there is no reveal of its own. */
  readonly isShown: boolean;
}

/** A round of seals and reveals. */
export interface JobRound {
  readonly roundId: string;
  readonly attempt: number;
  /** Clock and counts, as far as events tell. */
  readonly round: Round;
  /** Its first seals came together: storage has one hash of them, unless they were unpacked. */
  readonly isPacked: boolean;
  readonly seats: readonly JobSeat[];
}

/** What a node states of a job. */
export interface JobStatement extends Happened {
  readonly node: string;
  readonly outputRoot: string;
  readonly roundId: string;
  readonly attempt: number;
}

/** An answer without a seal. */
export interface JobAnswer extends JobStatement {
  /** Unix seconds, exclusive. */
  readonly disputableUntil: number;
}

/** When and where an event was. */
export const happened = ({ timestamp, transactionHash }: JobEvent): Happened => ({
  at: timestamp,
  tx: transactionHash,
});

/** The rounds of a job, in the order in which they were opened. */
export function roundsOf({ events }: JobTrack): readonly JobRound[] {
  return events.flatMap((event) => {
    if (event.name !== "RoundOpened") return [];
    const { roundId, attempt, terms } = event.args;
    const own = events.filter(({ args }) => "roundId" in args && args.roundId === roundId);
    const opening = unpackRound(terms);
    const unpacking = own.find(({ name }) => name === "RoundUnpacked");
    const shown = opening.isPacked ? shownOutput(events, unpacking) : undefined;
    const seats = seatsOf(own, roundId, Number(attempt), opening.isPacked ? opening.sealedCount : 0, shown);
    const round = currentRound(opening, own, seats, unpacking !== undefined);
    return [
      {
        roundId,
        attempt: Number(attempt),
        round,
        isPacked: opening.isPacked,
        seats,
      },
    ];
  });
}

/** Clock and counts after all that happened in a round. */
function currentRound(opening: Round, own: readonly JobEvent[], seats: readonly JobSeat[], isUnpacked: boolean): Round {
  const sealed = own.findLast((event) => event.name === "ResultSealed");
  return {
    ...opening,
    sealEndsAt: sealed === undefined ? opening.sealEndsAt : Number(sealed.args.sealEndsAt),
    sealedCount: seats.length,
    revealedCount: seats.filter(({ revealed }) => revealed !== undefined).length,
    isPacked: opening.isPacked && !isUnpacked,
  };
}

/** What the seals of a packed round were shown to hide, and where: only showing that can have settled the job meanwhile. */
function shownOutput(
  events: readonly JobEvent[],
  unpacking: JobEvent | undefined,
): (Happened & { readonly outputRoot: string }) | undefined {
  const settled = events.find((event) => event.name === "JobSettled");
  if (settled === undefined || BigInt(settled.args.outputRoot) === 0n) return undefined;
  if (unpacking !== undefined && events.indexOf(unpacking) < events.indexOf(settled)) return undefined;
  return { ...happened(settled), outputRoot: settled.args.outputRoot };
}

function seatsOf(
  own: readonly JobEvent[],
  roundId: string,
  attempt: number,
  packed: number,
  shown: (Happened & { readonly outputRoot: string }) | undefined,
): readonly JobSeat[] {
  const reveals = new Map(
    own.flatMap((event) =>
      event.name === "ResultRevealed" ? [[event.args.node, { event, root: event.args.outputRoot }] as const] : [],
    ),
  );
  const seals = own.filter((event) => event.name === "ResultSealed");
  return seals.map((event, position) => {
    const { node } = event.args;
    const isPacked = position < packed;
    const seat = { node, attempt, roundId, sealed: happened(event), isPacked };
    const reveal = reveals.get(node);
    if (reveal !== undefined) {
      return { ...seat, outputRoot: reveal.root, revealed: happened(reveal.event), isShown: false };
    }
    if (shown === undefined || !isPacked) {
      return { ...seat, outputRoot: undefined, revealed: undefined, isShown: false };
    }
    const { at, tx, outputRoot } = shown;
    return { ...seat, outputRoot, revealed: { at, tx }, isShown: true };
  });
}

/** Answers without seals, oldest first. */
export function answersOf({ events }: JobTrack): readonly JobAnswer[] {
  return events.flatMap((event) => {
    if (event.name !== "JobAnswered") return [];
    const { node, outputRoot, roundId, attempt, disputableUntil } = event.args;
    const stated = { node, outputRoot, roundId, attempt: Number(attempt), ...happened(event) };
    return [{ ...stated, disputableUntil: Number(disputableUntil) }];
  });
}

/** All that nodes have stated of a job, with seals or without. */
export function statementsOf(rounds: readonly JobRound[], answers: readonly JobAnswer[]): readonly JobStatement[] {
  const shown = rounds
    .flatMap(({ seats }) => seats)
    .flatMap(({ node, attempt, roundId, outputRoot, revealed }) =>
      outputRoot === undefined || revealed === undefined ? [] : [{ node, attempt, roundId, outputRoot, ...revealed }],
    );
  return [...shown, ...answers];
}
