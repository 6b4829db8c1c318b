/** What the story of a dispute ends with: gas, money, and the wrong number in its layer. */
import { formatOpg, type DisputeExplanation } from "@opg-protocol/sdk";
import { uncommit } from "@opg-protocol/sdk/onnx";
import pc from "picocolors";

import { plainTable } from "../report.ts";
import type { FeatureMap } from "./map.ts";
import type { Move } from "./moves.ts";
import type { Told } from "./story.ts";
import type { Caption } from "./svg.ts";

/** Moves of the dispute itself, as their contracts call them. */
const IN_DISPUTE = ["seal", "challenge", "respond", "pick", "reveal", "judge"];

/** Gas by move and payer; what the dispute itself took comes last. */
export function drawMoves(moves: readonly Move[]): string {
  const table = plainTable(["left", "left", "right"]);
  for (const { move, payer, gas } of moves) table.push([move, payer, gas.toLocaleString("en")]);
  table.push([pc.bold("the dispute itself"), "", pc.bold(disputeGas(moves).toLocaleString("en"))]);
  return table.toString();
}

/** What seal, challenge and all moves up to the judgement took. */
export const disputeGas = (moves: readonly Move[]): bigint =>
  moves.filter(({ move }) => IN_DISPUTE.includes(move)).reduce((sum, { gas }) => sum + gas, 0n);

/** Who paid and who was paid. Amounts in base units of OPG, negative for what was paid. */
export interface Flow {
  readonly who: string;
  readonly what: string;
  readonly amount: bigint;
}

/** All OPG that changed hands, once the job is settled. */
export function flowsOf({ bond, payment }: DisputeExplanation): Flow[] {
  if (payment === undefined) return [];
  const { slashed, refund, compensation, prize, share, burned } = payment;
  return [
    { who: "Node", what: "slashed", amount: -slashed },
    { who: "Requester", what: "escrow back", amount: refund },
    { who: "Requester", what: "compensated", amount: compensation },
    { who: "Watcher", what: "bond back", amount: bond },
    { who: "Watcher", what: "rewarded", amount: share },
    { who: "A second node", what: "can earn", amount: prize },
    { who: "Nobody", what: "burned", amount: burned },
  ];
}

export function drawFlows(flows: readonly Flow[]): string {
  const table = plainTable(["left", "left", "right"]);
  for (const { who, what, amount } of flows) {
    const text = `${formatOpg(amount < 0n ? -amount : amount)} OPG`;
    table.push([who, what, amount < 0n ? pc.red(text) : text]);
  }
  return table.toString();
}

/** The explanation, with names for those whom it is about. */
export function drawExplanation({ text, challenger, node }: DisputeExplanation): string {
  return text.replace(`Challenger ${challenger}`, "The watcher").replace(`node ${node}`, "the node");
}

/** The channel of the layer in which the wrong number is. */
export function mapOf({ explanation, truth }: Told): FeatureMap {
  const { layer, element } = explanation;
  const programStep = truth.program.steps[layer?.step ?? -1];
  const [, channel = 0, y = 0, x = 0] = element?.coordinates ?? [];
  if (layer === undefined || element === undefined || programStep === undefined)
    throw new Error("No number was judged");
  const [, , height = 0, width = 0] = programStep.step.shape;
  const tensor = uncommit(programStep.step, truth.executor.words(truth.inputs, layer.step));
  const plane = width * height;
  const values = tensor.subarray(channel * plane, (channel + 1) * plane);
  return { width, height, values, marked: { x, y, claimed: Number(element.claimed.stored) } };
}

/** What is written beside the picture. */
export function captionOf({ layer, element, ending }: DisputeExplanation): Caption {
  const real = (value: number | undefined): string => (value === undefined ? "" : ` (${Number(value.toPrecision(6))})`);
  const [, channel = 0, y = 0, x = 0] = element?.coordinates ?? [];
  return {
    layer: `${layer?.name ?? ""} (${layer?.operator ?? ""}), channel ${channel}, row ${y}, column ${x}`,
    claimed: `The node claims ${element?.claimed.stored ?? ""}${real(element?.claimed.real)}.`,
    right: `Right is ${element?.right?.stored ?? ""}${real(element?.right?.real)}.`,
    verdict: ending?.cause === "judged" ? "Found wrong by a contract." : "Not judged.",
  };
}
