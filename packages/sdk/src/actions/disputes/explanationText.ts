/** Explanations of games in words. */
import { formatOpg } from "../../amounts.ts";
import { DisputeState } from "../../codecs/dispute.ts";
import type { DisputeEnding, LiePayment } from "./endings.ts";
import type { ExplainDisputeParameters } from "./explain.ts";
import type { DisputedElement, DisputedLayer, DisputeExplanation, ExplainedNumber, NextMove } from "./explanation.ts";

const TYPES: Readonly<Record<number, string>> = { 1: "float32", 2: "uint8", 6: "int32", 7: "int64", 9: "bool" };
/** Digits of a real number: what a float32 holds. */
const DIGITS = 6;

type Facts = Omit<DisputeExplanation, "text" | "unknown">;

/** What is not known of a game, and why. */
export function unknownsOf(facts: Facts, given: ExplainDisputeParameters): string[] {
  const { layer, element, ending, payment } = facts;
  const unknown: string[] = [];
  if (layer === undefined)
    unknown.push(`Which layer it is about: the node has not named one${ending === undefined ? " yet" : ""}.`);
  else if (layer.name === undefined) unknown.push("What the layer is: the model was not given.");
  else if (element === undefined && facts.wrongElements === undefined && given.run !== undefined)
    unknown.push("Which numbers the node claims: of its tensor there are only hashes on chain.");
  if (given.run === undefined) unknown.push("Who is right: no run of the model was given.");
  if (ending?.cause === "judged" && layer?.name !== undefined && element?.isProven !== true)
    unknown.push("Which element was judged: another contract made the call.");
  if (ending?.state === DisputeState.NodeLost && payment === undefined) unknown.push(unpaid(given));
  return unknown;
}

const unpaid = ({ statement }: ExplainDisputeParameters): string =>
  statement === undefined
    ? "What the node has paid: the statement was not given."
    : "What the node has paid: its job is not settled yet, or not one of the market for one node.";

/** A game in words, a line for each thing. */
export function explanationText(facts: Omit<DisputeExplanation, "text">): string {
  const { node, challenger, bond, openedAt, next, layer, element, challengerIsRight, ending, payment } = facts;
  const opening = `Challenger ${challenger} disputes an answer of node ${node}: opened ${time(openedAt)}, bond ${formatOpg(bond)} OPG.`;
  const lines = [
    opening,
    layer && layerLine(layer),
    element && elementLine(element),
    facts.wrongElements === 0 && "All that the node has shown is right.",
    (facts.wrongElements ?? 0) > 1 && `In what the node has shown, ${facts.wrongElements ?? 0} elements are wrong.`,
    challengerIsRight !== undefined && traceLine(challengerIsRight, facts.challengerErrsAt),
    next && nextLine(next),
    ending && endingLine(facts, ending),
    payment && paymentLine(payment),
    ...facts.unknown.map((unknown) => `Not known: ${unknown}`),
  ];
  return lines.filter((line) => typeof line === "string").join("\n");
}

function layerLine({ step, steps, name, operator, dtype, shape }: DisputedLayer): string {
  const line = `The node first disagrees at step ${step}${steps === undefined ? "" : ` of 0 to ${steps - 1}`}`;
  if (name === undefined || dtype === undefined || shape === undefined) return `${line}.`;
  const what = operator === undefined ? `${name}, an input or output of the graph` : `${name} (${operator})`;
  return `${line}: ${what}, ${TYPES[dtype] ?? `type ${dtype}`} [${shape.join(", ")}].`;
}

function elementLine({ coordinates, word, offset, claimed, right }: DisputedElement): string {
  const place =
    coordinates === undefined ? `Byte ${offset} of word ${word}, padding` : `Element [${coordinates.join(", ")}]`;
  const stored = `${place}: the node claims ${claimed.stored}`;
  if (right === undefined) return `${stored}.`;
  return `${stored}, right is ${right.stored}.${realLine(claimed, right)}`;
}

function realLine(claimed: ExplainedNumber, right: ExplainedNumber): string {
  if (claimed.real === undefined || right.real === undefined || claimed.real === claimed.stored) return "";
  return ` In real numbers: ${real(claimed.real)} claimed, ${real(right.real)} right.`;
}

const real = (value: number): string => `${Number(value.toPrecision(DIGITS))}`;

function traceLine(isRight: boolean, step: number | undefined): string {
  if (isRight) return "What the challenger laid down is what the model makes of the input.";
  return step === undefined
    ? "What the challenger laid down is not what the model makes of the input; which step is wrong is not laid down yet."
    : `The first thing that the challenger laid down wrong is step ${step}.`;
}

const MOVES = {
  enter: "enter the group of steps where it differs",
  lay: "lay down the group that the node has entered",
  respond: "name the step where its tensor differs",
  pick: "pick a part of the node's tensor",
  reveal: "show the part that was picked",
  judge: "prove an element wrong",
} as const;
const SIDES = { node: "The node", challenger: "The challenger", anyone: "Anyone" } as const;

function nextLine({ move, by, until, isLate }: NextMove): string {
  const line = `${SIDES[by]} has until ${time(until)} to ${MOVES[move]}`;
  if (!isLate) return `${line}.`;
  const loser = by === "node" ? "the node" : "the challenger";
  return `${line}. That has passed: anyone can end the game with a timeout, and ${loser} loses.`;
}

function endingLine({ challenger, layer }: Facts, { state, cause, at, payee, paid, burned }: DisputeEnding): string {
  const bond = `${formatOpg(paid)} OPG of the bond went to ${payee === challenger ? "the challenger" : payee}`;
  const rest = burned === 0n ? "" : `, ${formatOpg(burned)} OPG are burned`;
  const silence = layer === undefined ? "the node never answered" : "the node did not show its numbers in time";
  const unproven =
    layer === undefined ? "it did not lay down a group in time" : "nobody proved an element wrong in time";
  const how =
    state === DisputeState.ChallengerLost
      ? `the challenger has lost, because ${unproven}`
      : state === DisputeState.Moot
        ? "the game is moot, because another dispute found the answer false"
        : `the answer is false, because ${cause === "judged" ? "the referee found the element wrong" : silence}`;
  return `Ended ${time(at)}: ${how}. ${bond}${rest}.`;
}

function paymentLine({ slashed, refund, compensation, prize, challengers, share, burned }: LiePayment): string {
  const parts = [
    `${formatOpg(compensation)} to the requester, who has its ${formatOpg(refund)} back, too`,
    prize > 0n && `${formatOpg(prize)} for a second node`,
    `${formatOpg(share)} to ${challengers.length === 1 ? "the challenger" : `each of ${challengers.length} challengers`}`,
    `${formatOpg(burned)} burned`,
  ];
  return `The node lost ${formatOpg(slashed)} OPG of stake: ${parts.filter((part) => part !== false).join("; ")}.`;
}

const time = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
