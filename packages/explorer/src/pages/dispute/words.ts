/** What pages about disputes call things. */
import { DisputeState, GROUP_STEPS, type LaidTensor, type LaidTrace } from "@opg-protocol/sdk";

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
  [DisputeState.Grouped, { tone: "wait", text: "Waits for the node" }],
  [DisputeState.Entered, { tone: "wait", text: "Waits for the challenger" }],
  [DisputeState.Laid, { tone: "wait", text: "Waits for the node" }],
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
  enter: `The node is to enter the first group of ${GROUP_STEPS} steps that it makes differently.`,
  lay: "The challenger is to lay down the data roots of the group that the node has entered.",
  respond: "The node is to name the first step that it makes differently, and to lay its tensor of it down.",
  pick: "The challenger is to pick one of the parts of the node's tensor.",
  reveal: "The node is to show the words of the part that was picked.",
  judge: "Anyone can prove one element of the node's tensor wrong.",
  close: "Another dispute has found the answer false. Anyone can close this game; the bond goes back.",
};

/** What happens if nobody moves. */
export const SILENCE: Readonly<Record<NextMove["move"], string | undefined>> = {
  enter: "If it does not in time, its answer is false.",
  lay: "If it does not in time, it loses its bond.",
  respond: "If it does not in time, its answer is false.",
  pick: "If it does not in time, it loses its bond.",
  reveal: "If it does not in time, its answer is false.",
  judge: "If nobody does in time, the challenger loses its bond.",
  close: undefined,
};

/** A move in a sentence. */
export function moveText({ kind }: DisputeMove, dispute: Dispute): string {
  const { groups, entered, laid, ending, game } = dispute;
  switch (kind) {
    case "sealed":
      return "The challenger sealed its challenge, so that whoever copies it ranks behind.";
    case "challenged":
      return `The challenger laid down its bond and the ${groups === undefined ? "data roots" : `roots of ${groups.length} groups`} of all ${stepCount(dispute)} steps.`;
    case "entered":
      return `The node entered group ${entered ?? "?"}, the first that it makes differently.`;
    case "laid":
      return `The challenger laid down the data roots of the ${GROUP_STEPS} steps of that group.`;
    case "answered":
      return laid === undefined
        ? "The node named a step, and laid its tensor of it down."
        : `The node first disagrees at ${stepText(laid.index, dispute)}, and laid down ${laidText(laid)}.`;
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

function laidText({ nodes, answer }: LaidTensor): string {
  const count = nodes.length;
  return answer.depth > 8 ? `${count} hashes of parts of its tensor` : `all ${count} words of its tensor`;
}

/** How many steps the model has, as far as the chain tells. */
export const stepCount = ({ groups, roots }: LaidTrace): string =>
  groups === undefined
    ? `${roots.length}`
    : `${GROUP_STEPS * (groups.length - 1) + 1} to ${GROUP_STEPS * groups.length}`;

/** A step among the others, as far as the chain tells how many they are. */
export const stepText = (step: number, { groups, roots }: LaidTrace): string =>
  groups === undefined ? `step ${step} of 0 to ${roots.length - 1}` : `step ${step}`;

/** Where in a decoder a step is, by a name that begins with its layer, such as `2/feedForward/down/658`; undefined for others. */
export function layerText(name: string): string | undefined {
  const [, layer, part] = /^(\d+)\/(\D.*?)(?:\/\d+)?$/.exec(name) ?? [];
  return layer === undefined || part === undefined ? undefined : `layer ${layer}, ${part.replaceAll("/", " ")}`;
}

function endingText(state: DisputeState, cause: string, hasAnswered: boolean, node: string): string {
  switch (state) {
    case DisputeState.NodeLost:
      if (cause === "judged")
        return "The referee computed the element and found the node's wrong: the answer is false.";
      return hasAnswered
        ? "The node did not show its numbers in time: the answer is false."
        : "The node did not answer in time: the answer is false.";
    case DisputeState.ChallengerLost:
      return hasAnswered
        ? "Nobody proved an element wrong in time: the challenger has lost."
        : "The challenger did not lay a group down in time: it has lost.";
    case DisputeState.Moot:
      return `Another dispute had found the answer of ${node} false: this game is moot.`;
    default:
      return "The game ended.";
  }
}
