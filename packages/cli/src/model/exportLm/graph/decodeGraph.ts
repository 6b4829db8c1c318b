import { DType } from "@opg-protocol/sdk/onnx";

import { VOCABULARY } from "../config.ts";
import type { IntegerLlama } from "../IntegerLlama.ts";
import { type Memory, type Positions, attend } from "./attention.ts";
import { POSITION_FACTOR, choose, logitsOf } from "./choice.ts";
import { feedForward } from "./feedForward.ts";
import type { Value } from "./GraphWriter.ts";
import { IntegerGraph } from "./IntegerGraph.ts";

/**
 * The graph that writes a text, one token in each run: it gives the token behind the given one, and keys and values that the
 * next run takes. Nobody is judged by it; it has the constants of the pass graph, so that its tokens are the same.
 */
export function decodeGraph(model: IntegerLlama): Uint8Array {
  const { config } = model;
  const g = new IntegerGraph();
  const token = g.input("token", DType.Uint8, [1]);
  const position = g.input("position", DType.Int32, [1]);
  const seed = g.input("seed", DType.Int32, [1]);
  const temperature = g.input("temperature", DType.Int32, [1]);

  const positions = positionsOf(g, model, position);
  let x = g.gather(g.constant(model.embedding, [VOCABULARY, config.width]), g.cast(token, DType.Int32));
  model.layers.forEach((layer, i) => {
    const remember = (now: Memory): Memory => ({
      keys: behind(g, `k.${i}`, now.keys, model),
      values: behind(g, `v.${i}`, now.values, model),
    });
    x = g.scope(`${i}/attention`, () => attend(g, x, layer.attention, model, positions, remember));
    x = g.scope(`${i}/feedForward`, () => feedForward(g, x, layer.feedForward));
  });
  const row = g.mul(g.reshape(g.cast(position, DType.Int64), [1, 1]), POSITION_FACTOR);
  const next = choose(g, logitsOf(g, x, model), { seed, temperature, positions: row }, model.gumbel);
  g.output("next", g.cast(g.reshape(next, [1]), DType.Uint8), [1]);
  return g.bytes();
}

/** Keys or values of all positions so far, which become an output. */
function behind(g: IntegerGraph, name: string, now: Value, { config: { keyHeads, headWidth } }: IntegerLlama): Value {
  const past = g.input(`past_${name}`, DType.Uint8, [keyHeads, "n", headWidth]);
  const all = g.concat([past, now], 1);
  g.output(name, all, [keyHeads, "n + 1", headWidth]);
  return all;
}

function positionsOf(g: IntegerGraph, { config, cosine, sine }: IntegerLlama, position: Value): Positions {
  const { context, headWidth } = config;
  const angles = (table: Int32Array) =>
    g.reshape(g.gather(g.constant(table, [context, headWidth]), position), [1, 1, headWidth]);
  return { rows: 1, cosine: angles(cosine), sine: angles(sine), mask: undefined };
}
