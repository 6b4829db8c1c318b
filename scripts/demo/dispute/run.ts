/** The second job of the demonstration: one node lies by one unit, and is proven wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { intro, outro } from "@clack/prompts";

import { checkPorts, startSuite, type Suite, untilTime } from "../chain.ts";
import { rank } from "../model.ts";
import { during, hasGreys, plain, show, stage } from "../say.ts";
import { drawMap } from "./map.ts";
import { captionOf, disputeGas, drawExplanation, drawFlows, drawMoves, flowsOf, mapOf } from "./report.ts";
import { prepare } from "./setup.ts";
import { tell, type Told } from "./story.ts";
import { drawSvg } from "./svg.ts";

export interface DisputeDemoOptions {
  /** What the model is to read: `loadPicture` makes it of a file. */
  readonly pixels: Uint8Array;
  /** The chain's port. */
  readonly port: number;
  /** Where the picture of the layer is written. */
  readonly svg: string;
  /** Prints what happened as JSON, and everything else to stderr. */
  readonly json: boolean;
}

export async function runDispute({ pixels, port, svg, json }: DisputeDemoOptions): Promise<void> {
  if (json) stage.output = process.stderr;
  await checkPorts(port, 1);
  const folder = mkdtempSync(join(tmpdir(), "opg-"));
  let suite: Suite | undefined;
  try {
    intro("OPG Protocol: a node lies by one unit, and one watcher proves it", stage);
    const running = await during("Start a chain in this process and deploy the contracts", () => startSuite(port));
    suite = running;
    const cast = await during(
      "Release a model that can be judged, and register a node that serves it with 1,000 OPG",
      () => prepare(running, folder),
    );
    const told = await tell(cast, pixels, (timestamp) => untilTime(running.provider, timestamp));
    report(told, svg);
    if (json) process.stdout.write(`${JSON.stringify(summary(told, svg), plain, 2)}\n`);
    outro("Done. `npm start -- --dispute picture.png` takes yours; docs/disputes.md explains the game.", stage);
  } finally {
    await suite?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(told: Told, svg: string): void {
  const { explanation, moves } = told;
  const map = mapOf(told);
  const caption = captionOf(explanation);
  writeFileSync(svg, drawSvg(map, caption));
  show("The dispute, explained from what is on chain", drawExplanation(explanation));
  show("Gas of each move", drawMoves(moves));
  show("Who paid, who was paid", drawFlows(flowsOf(explanation)));
  show(caption.layer, `${drawMap(map, hasGreys())}\n\n${caption.claimed}\n${caption.right}\n\n${resolve(svg)}`);
}

/** What a program may want to know of it. */
export function summary(told: Told, svg: string) {
  const { explanation, moves, truth, lie } = told;
  const answers = [lie, truth].map(({ trace }) => trace.outputs.map((output) => rank(output)[0]?.digit)[0]);
  const [stated, right] = answers;
  return {
    answer: { stated, right },
    explanation,
    moves,
    disputeGas: disputeGas(moves),
    flows: flowsOf(explanation),
    svg: resolve(svg),
  };
}
