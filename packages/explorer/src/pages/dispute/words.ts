/** What pages about disputes call things. */
import { DisputeState } from "@opg-protocol/sdk";

import type { Dispute, NextMove } from "../../entities/disputes.ts";
import type { DisputeMove } from "../../entities/disputeMoves.ts";
import type { Tone } from "../../parts/Badge.tsx";

/** A state in a few words. */
export interface StateWord {
  readonly tone: Tone;
  readonly text: string;
}

/** The end of a game's id: all ids of games begin with zeros. */
export const shortGameId = (gameId: string): string => (gameId.length > 10 ? `…${gameId.slice(-8)}` : gameId);

/** Where a game or demand stands. */
export function stateWord(state: DisputeState): StateWord {
  return STATES.get(state) ?? { tone: "plain", text: `state ${state}` };
}

const STATES: ReadonlyMap<DisputeState, StateWord> = new Map([
  [DisputeState.Asked, { tone: "wait", text: "Waits for the node" }],
  [DisputeState.Answered, { tone: "wait", text: "Waits for the challenger" }],
  [DisputeState.Picked, { tone: "wait", text: "Waits for the node" }],
  [DisputeState.Shown, { tone: "wait", text: "Waits for a proof" }],
  [DisputeState.Demanded, { tone: "wait", text: "Waits for the node" }],
  [DisputeState.NodeLost, { tone: "bad", text: "The answer is false" }],
  [DisputeState.ChallengerLost, { tone: "good", text: "The challenger has lost" }],
  [DisputeState.Moot, { tone: "plain", text: "Moot" }],
  [DisputeState.Supplied, { tone: "good", text: "Supplied" }],
  [DisputeState.Withheld, { tone: "bad", text: "Withheld: the answer is false" }],
  [DisputeState.Refuted, { tone: "bad", text: "Refuted: the answer is false" }],
]);

/** Who is to do what. */
export const NEXT: Readonly<Record<NextMove["move"], string>> = {
  respond: "The node is to name the first step that it makes differently, and to lay its tensor of it down.",
  pick: "The challenger is to pick one of the 256 parts of the node's tensor.",
  reveal: "The node is to show the words of the part that was picked.",
  judge: "Anyone can prove one element of the node's tensor wrong.",
  close: "Another dispute has found the answer false. Anyone can close this game; the bond goes back.",
};

/** What happens if nobody moves. */
export const SILENCE: Readonly<Record<NextMove["move"], string | undefined>> = {
  respond: "If it does not in time, its answer is false.",
  pick: "If it does not in time, it loses its bond.",
  reveal: "If it does not in time, its answer is false.",
  judge: "If nobody does in time, the challenger loses its bond.",
  close: undefined,
};

/** A move in a sentence. */
export function moveText({ kind }: DisputeMove, { roots, laid, ending, game }: Dispute): string {
  switch (kind) {
    case "sealed":
      return "The challenger sealed its challenge, so that whoever copies it ranks behind.";
    case "challenged":
      return `The challenger laid down its bond and the data roots of all ${roots.length} steps.`;
    case "answered":
      return answerText(laid?.index, roots.length, (laid?.answer.depth ?? 0) > 8, laid?.nodes.length ?? 0);
    case "picked":
      return `The challenger picked part ${laid?.part?.chunk ?? "of the tensor"}.`;
    case "shown":
      return `The node showed the ${laid?.part?.words.length ?? 0} words of that part.`;
    case "ended":
      return ending === undefined
        ? "The game ended."
        : endingText(ending.state, ending.cause, laid !== undefined, game.node);
  }
}

const answerText = (step: number | undefined, steps: number, isInParts: boolean, nodes: number): string =>
  `The node first disagrees at step ${step ?? "?"} of 0 to ${steps - 1}, and laid down ${
    isInParts ? `${nodes} hashes of parts of its tensor` : `all ${nodes} words of its tensor`
  }.`;

function endingText(state: DisputeState, cause: string, hasAnswered: boolean, node: string): string {
  switch (state) {
    case DisputeState.NodeLost:
      if (cause === "judged")
        return "The referee computed the element and found the node's wrong: the answer is false.";
      return hasAnswered
        ? "The node did not show its numbers in time: the answer is false."
        : "The node did not answer in time: the answer is false.";
    case DisputeState.ChallengerLost:
      return "Nobody proved an element wrong in time: the challenger has lost.";
    case DisputeState.Moot:
      return `Another dispute had found the answer of ${node} false: this game is moot.`;
    default:
      return "The game ended.";
  }
}
