/** Games about statements, from their events. */
import { DisputeState, type Game, type LaidTensor, type LaidTrace } from "@opg-protocol/sdk";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { type DisputeMove, laidIn, movesOf, traceIn } from "./disputeMoves.ts";
import { folded } from "./folded.ts";
import { liePaymentOf, type LiePayment } from "./liePayments.ts";
import { type StatedAnswer, statementsOf } from "./statedAnswers.ts";

/** Who is to do what, where a game is under way. */
export interface NextMove {
  /** `close`: another dispute has found the statement false, so that this game has only to be ended. */
  readonly move: "enter" | "lay" | "respond" | "pick" | "reveal" | "judge" | "close";
  readonly by: "node" | "challenger" | "anyone";
  /** The last second for it, unix. */
  readonly until: number;
}

/** How a game ended. */
export interface DisputeEnding {
  readonly state: DisputeState;
  /** By a judgement, by a missed clock, or because another dispute decided the statement. */
  readonly cause: "judged" | "silence" | "moot";
  readonly payee: string;
  /** Of the bond, to the payee. OPG, base units. */
  readonly paid: bigint;
  /** What of the bond is destroyed. OPG, base units. */
  readonly burned: bigint;
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
}

/** What found a statement false. */
export interface Decision {
  /** Id of the game, demand or refutation. */
  readonly disputeId: string;
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
  /** Undefined where no game decided. */
  readonly game: Game | undefined;
}

/** A challenger who shares the reward, beside the one who decided. */
export interface Sharer {
  readonly challenger: string;
  readonly rank: bigint;
  readonly tx: string;
}

/** One challenger against one node about one statement. */
export interface Dispute extends LaidTrace {
  readonly gameId: string;
  readonly game: Game;
  readonly blockNumber: number;
  readonly state: DisputeState;
  /** Oldest first. */
  readonly moves: readonly DisputeMove[];
  /** Undefined before the node's answer. */
  readonly laid: LaidTensor | undefined;
  /** Undefined once it is over. */
  readonly next: NextMove | undefined;
  /** Undefined as long as it is under way. */
  readonly ending: DisputeEnding | undefined;
  /** What is disputed; undefined where no event tells. */
  readonly stated: StatedAnswer | undefined;
  /** Undefined as long as nothing has found the statement false. */
  readonly decision: Decision | undefined;
  readonly sharers: readonly Sharer[];
  /** How the lie was paid for; undefined as long as it was not. */
  readonly payment: LiePayment | undefined;
}

/** All games, newest first. */
export const disputesOf = folded((index: EventIndex): readonly Dispute[] => {
  const openings = index.named("Challenged");
  const stated = statementsOf(index, new Set(openings.map(({ args }) => args.node)));
  return openings.map((opening) => disputeFrom(index, opening, stated.get(opening.args.statementId))).toReversed();
});

/** The game of this id; undefined if there is none. */
export function disputeOf(index: EventIndex, gameId: string): Dispute | undefined {
  const opening = index.about(gameId).find((event) => event.name === "Challenged");
  if (opening === undefined) return undefined;
  const { node, statementId } = opening.args;
  return disputeFrom(index, opening, statementsOf(index, new Set([node])).get(statementId));
}

/** Games about a statement, newest first. */
export function disputesAbout(index: EventIndex, statementId: string): readonly Dispute[] {
  return disputesOf(index).filter(({ game }) => game.statementId === statementId);
}

function disputeFrom(
  index: EventIndex,
  opening: TimedEventNamed<"Challenged">,
  stated: StatedAnswer | undefined,
): Dispute {
  const { gameId, game, statementId, node } = opening.args;
  const moves = movesOf(index, opening);
  const decision = decisionOf(index, statementId);
  const ended = index.about(gameId).find((event) => event.name === "DisputeEnded");
  const deadline = moves.reduce((latest, move) => move.deadline ?? latest, 0);
  const ending = ended && endingOf(ended, game, deadline);
  const state = ending?.state ?? stateAfter(index, gameId);
  return {
    gameId,
    game,
    ...traceIn(index, opening),
    blockNumber: opening.blockNumber,
    state,
    moves,
    laid: laidIn(index, gameId),
    next: ending === undefined ? nextMove(state, deadline, decision) : undefined,
    ending,
    stated,
    decision,
    sharers: sharersOf(index, statementId),
    payment: stated && liePaymentOf(index, stated.subject.id, node),
  };
}

/** Where a game stands that is not over. */
function stateAfter(index: EventIndex, gameId: string): DisputeState {
  let state: DisputeState = DisputeState.Asked;
  for (const { name, args } of index.about(gameId)) {
    if (name === "Answered")
      state = args.state === BigInt(DisputeState.Shown) ? DisputeState.Shown : DisputeState.Answered;
    else state = STATE_AFTER.get(name) ?? state;
  }
  return state;
}

const STATE_AFTER: ReadonlyMap<string, DisputeState> = new Map([
  ["Grouped", DisputeState.Grouped],
  ["Entered", DisputeState.Entered],
  ["Laid", DisputeState.Laid],
  ["Picked", DisputeState.Picked],
  ["Shown", DisputeState.Shown],
]);

function nextMove(state: DisputeState, until: number, decision: Decision | undefined): NextMove | undefined {
  if (decision !== undefined) return { move: "close", by: "anyone", until };
  const next = MOVES.get(state);
  return next && { ...next, until };
}

const MOVES: ReadonlyMap<DisputeState, Pick<NextMove, "move" | "by">> = new Map([
  [DisputeState.Asked, { move: "respond", by: "node" }],
  [DisputeState.Grouped, { move: "enter", by: "node" }],
  [DisputeState.Entered, { move: "lay", by: "challenger" }],
  [DisputeState.Laid, { move: "respond", by: "node" }],
  [DisputeState.Answered, { move: "pick", by: "challenger" }],
  [DisputeState.Picked, { move: "reveal", by: "node" }],
  [DisputeState.Shown, { move: "judge", by: "anyone" }],
]);

function endingOf(ended: TimedEventNamed<"DisputeEnded">, { bond }: Game, deadline: number): DisputeEnding {
  const { timestamp: at, transactionHash: tx, args } = ended;
  const { payee, paid } = args;
  const state = stateIn(args.state);
  const decided = at > deadline ? "silence" : "judged";
  const cause = state === DisputeState.Moot ? "moot" : decided;
  return { state, cause, payee, paid, burned: bond - paid, at, tx };
}

const FALSE: ReadonlySet<DisputeState> = new Set([DisputeState.NodeLost, DisputeState.Withheld, DisputeState.Refuted]);

/** What found a statement false; undefined as long as nothing has. */
export function decisionOf(index: EventIndex, statementId: string): Decision | undefined {
  for (const event of index.about(statementId)) {
    if (event.name !== "DisputeEnded") continue;
    if (!FALSE.has(stateIn(event.args.state))) continue;
    const { timestamp: at, transactionHash: tx, args } = event;
    const opening = index.about(args.disputeId).find((each) => each.name === "Challenged");
    return { disputeId: args.disputeId, at, tx, game: opening?.args.game };
  }
  return undefined;
}

function sharersOf(index: EventIndex, statementId: string): readonly Sharer[] {
  const events = index.about(statementId).filter((event) => event.name === "SharerEntered");
  return events.map(({ args: { challenger, rank }, transactionHash: tx }) => ({ challenger, rank, tx }));
}

/** The state with this number; `None` for one that this page does not know. */
export function stateIn(value: bigint): DisputeState {
  return STATES.get(Number(value)) ?? DisputeState.None;
}

const STATES: ReadonlyMap<number, DisputeState> = new Map(Object.values(DisputeState).map((state) => [state, state]));
