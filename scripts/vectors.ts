/**
 * Writes vectors/*.json: cases from the SDK's codecs, to which contracts, SDK and node are held. A codec that changes on
 * purpose brings new files; one that changes by accident fails the tests that read the committed ones.
 *
 *   node scripts/vectors.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";

import { commitmentVectors } from "./vectors/commitment.ts";
import { drawVectors } from "./vectors/draw.ts";
import { graphVectors } from "./vectors/graph.ts";
import { jobVectors } from "./vectors/job.ts";
import { linkVectors } from "./vectors/link.ts";
import { mandateVectors } from "./vectors/mandate.ts";
import { modelVectors } from "./vectors/model.ts";
import { numberVectors } from "./vectors/number.ts";
import { auctionVectors, optimisticVectors } from "./vectors/optimistic.ts";
import { payloadVectors } from "./vectors/payload.ts";
import { rulesVectors } from "./vectors/rules.ts";
import { scheduleVectors } from "./vectors/schedule.ts";
import type { VectorFile } from "./vectors/samples.ts";
import { receiptVectors, sessionVectors } from "./vectors/session.ts";
import { tensorVectors } from "./vectors/tensor.ts";

export const FOLDER = new URL("../vectors/", import.meta.url);

/** What the files say, by their names. */
export const files: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tensor: tensorVectors,
    number: numberVectors,
    payload: payloadVectors,
    commitment: commitmentVectors,
    job: jobVectors,
    rules: rulesVectors,
    optimistic: optimisticVectors,
    auction: auctionVectors,
    mandate: mandateVectors,
    schedule: scheduleVectors,
    link: linkVectors,
    session: sessionVectors,
    receipt: receiptVectors,
    model: modelVectors,
    draw: drawVectors,
    graph: graphVectors,
  }).map(([name, file]) => [`${name}.json`, render(file)]),
);

/** JSON with one line per case, so that a change shows which case it touches. */
function render({ about, cases }: VectorFile): string {
  const lines = cases.map((single) => JSON.stringify(single, plain)).join(",\n");
  return `{"about":${JSON.stringify(about)},"cases":[\n${lines}\n]}\n`;
}

/** Numbers that JavaScript cannot hold become decimal strings. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return BigInt.asIntN(54, value) === value ? Number(value) : value.toString();
}

if (import.meta.main) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of files) writeFileSync(new URL(name, FOLDER), text);
}
