/** The language model of the examples, and what unmodified ONNX Runtime says of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import type { Tensor } from "../../src/codecs/tensor.ts";
import {
  type CompletionModel,
  completionInputs,
  completionModel,
  type CompletionOrder,
} from "../../src/completions/index.ts";
import { settle } from "../../src/onnx/index.ts";
import { RUNTIMES } from "../onnx/support/runtimes.ts";

export const FILE = readFileSync(new URL("../../../../examples/models/verses/pass-64.onnx", import.meta.url));
export const VERSES = completionModel(FILE);
export const WINDOW = 64;

/** The same model on ONNX Runtime. */
export const RUNTIME: CompletionModel = {
  ...VERSES,
  run: async (inputs, stated) => {
    const feeds = [...inputs, { ...stated, name: "text.stated" }].map((tensor) => [tensor.name, tensor] as const);
    const outputs = await RUNTIMES[0]?.run(FILE, new Map(feeds));
    return [textTensor(outputs?.get("text") ?? assert.fail())];
  },
};

export const textTensor = (data: Uint8Array): Tensor => ({ dtype: 2, shape: [data.length], data });

/** What the model makes of an order, found as a node without a cache finds it. */
export function truthOf(order: CompletionOrder): Promise<readonly Tensor[]> {
  const inputs = completionInputs(VERSES, order);
  const outputs = VERSES.outputs.map(({ name }) => ({ name, dtype: 2, shape: [WINDOW], step: 0 }));
  return settle({ outputs, stated: [0] }, ([shown]) =>
    RUNTIME.run(inputs, { name: "text", ...(shown ?? assert.fail()) }),
  );
}
