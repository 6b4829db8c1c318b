/** The moves of one game, and what they have laid down. */
import type { LaidTensor, LaidTrace } from "@opg-protocol/sdk";

import type { EventIndex, TimedEvent, TimedEventNamed } from "../history/EventIndex.ts";

/** One thing that happened in a game. */
export interface DisputeMove {
  readonly kind: "sealed" | "challenged" | "entered" | "laid" | "answered" | "picked" | "shown" | "ended";
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
  /** The last second for the move after it, unix; undefined where there is none. */
  readonly deadline: number | undefined;
}

/** All moves of a game, oldest first, with its seal if it can be told which one that is. */
export function movesOf(index: EventIndex, opening: TimedEventNamed<"Challenged">): readonly DisputeMove[] {
  const seal = sealOf(index, opening);
  const moves = index.about(opening.args.gameId).flatMap((event) => moveIn(event) ?? []);
  return seal === undefined ? moves : [seal, ...moves];
}

function moveIn(event: TimedEvent): DisputeMove | undefined {
  const { timestamp: at, transactionHash: tx } = event;
  switch (event.name) {
    case "Challenged":
      return { kind: "challenged", at, tx, deadline: Number(event.args.deadline) };
    case "Entered":
      return { kind: "entered", at, tx, deadline: Number(event.args.deadline) };
    case "Laid":
      return { kind: "laid", at, tx, deadline: Number(event.args.deadline) };
    case "Answered":
      return { kind: "answered", at, tx, deadline: Number(event.args.deadline) };
    case "Picked":
      return { kind: "picked", at, tx, deadline: Number(event.args.deadline) };
    case "Shown":
      return { kind: "shown", at, tx, deadline: Number(event.args.deadline) };
    case "DisputeEnded":
      return { kind: "ended", at, tx, deadline: undefined };
    default:
      return undefined;
  }
}

/**
 * The seal of a challenge. A game ranks by the block of its seal, and a seal does not say whose it is: where one block has several,
 * it is not told.
 */
function sealOf(index: EventIndex, opening: TimedEventNamed<"Challenged">): DisputeMove | undefined {
  const block = Number(opening.args.game.rank);
  if (block === opening.blockNumber) return undefined;
  const seals = index.named("ChallengeSealed").filter(({ blockNumber }) => blockNumber === block);
  const [seal] = seals;
  if (seal === undefined || seals.length > 1) return undefined;
  const { timestamp: at, transactionHash: tx } = seal;
  return { kind: "sealed", at, tx, deadline: undefined };
}

/** What the challenger has laid down of its trace. */
export function traceIn(index: EventIndex, opening: TimedEventNamed<"Challenged">): LaidTrace {
  const { gameId, r } = opening.args;
  let trace: LaidTrace = { groups: undefined, entered: undefined, roots: r };
  for (const { name, args } of index.about(gameId)) {
    if (name === "Grouped") trace = { groups: r, entered: undefined, roots: [] };
    else if (name === "Entered") trace = { ...trace, entered: Number(args.group) };
    else if (name === "Laid") trace = { ...trace, roots: args.r };
  }
  return trace;
}

/** What the node has laid down of its tensor; undefined before its answer. */
export function laidIn(index: EventIndex, gameId: string): LaidTensor | undefined {
  let laid: LaidTensor | undefined;
  let chunk = 0;
  for (const { name, args } of index.about(gameId)) {
    if (name === "Answered") {
      const { index: step, answer, nodes } = args;
      laid = { index: Number(step), answer: { ...answer, depth: Number(answer.depth) }, nodes, part: undefined };
    } else if (name === "Picked") chunk = Number(args.chunk);
    else if (name === "Shown" && laid !== undefined) laid = { ...laid, part: { chunk, words: args.words } };
  }
  return laid;
}
