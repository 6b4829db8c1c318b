/**
 * The float model of a checkpoint as ONNX graphs, written as those in integers are: what integers cost is measured beside it. For
 * models with as many key heads as heads.
 */
import { DType } from "@opg-protocol/sdk/onnx";

import { type LlamaConfig, VOCABULARY } from "../src/model/exportLm/config.ts";
import { angleAt } from "../src/model/exportLm/forward.ts";
import type { Value } from "../src/model/exportLm/graph/GraphWriter.ts";
import type { Llama, LlamaLayer, Matrix } from "../src/model/exportLm/Llama.ts";
import { FloatGraph } from "./FloatGraph.ts";

interface Positions {
  readonly rows: number;
  /** [1, rows, headWidth]. */
  readonly cosine: Value;
  readonly sine: Value;
  /** [1, rows, rows], added to scores; undefined where all rows may be looked at. */
  readonly mask: Value | undefined;
}

/** Keys or values of these rows, [heads, rows, headWidth], behind those of earlier ones. */
type Remember = (kind: "k" | "v", now: Value) => Value;

/** Takes the tokens of a whole window, and gives logits and the likeliest byte behind each. */
export function floatPassGraph(llama: Llama, length: number): Uint8Array {
  const g = new FloatGraph();
  const tokens = g.input("tokens", DType.Uint8, [length]);
  const isVisible = (at: number) => at % length <= Math.floor(at / length);
  const hidden = Float32Array.from({ length: length ** 2 }, (_, at) => (isVisible(at) ? 0 : -Infinity));
  const { cosine, sine } = angles(llama.config, length);
  const shape = [1, length, llama.config.headWidth];
  const positions: Positions = {
    ...{ rows: length, cosine: g.floats(cosine, shape), sine: g.floats(sine, shape) },
    mask: g.floats(hidden, [1, length, length]),
  };
  finish(g, llama, tokens, positions, () => (_, now) => now);
  return g.bytes();
}

/** Takes one token and what earlier runs gave of keys and values, under the names of the decode graph in integers. */
export function floatDecodeGraph(llama: Llama): Uint8Array {
  const g = new FloatGraph();
  const { context, heads, headWidth } = llama.config;
  const token = g.input("token", DType.Uint8, [1]);
  const position = g.input("position", DType.Int32, [1]);
  const { cosine, sine } = angles(llama.config, context);
  const at = (values: Float32Array) =>
    g.reshape(g.rows({ inputs: headWidth, outputs: context, values }, position), [1, 1, headWidth]);
  const positions: Positions = { rows: 1, cosine: at(cosine), sine: at(sine), mask: undefined };
  finish(g, llama, token, positions, (layer) => (kind, now) => {
    const past = g.input(`past_${kind}.${layer}`, DType.Float, [heads, "n", headWidth]);
    const all = g.concat(past, now, 1);
    g.output(`${kind}.${layer}`, all, [heads, "n + 1", headWidth]);
    return all;
  });
  return g.bytes();
}

/** All layers, and the outputs `logits` and `next`. */
function finish(
  g: FloatGraph,
  llama: Llama,
  tokens: Value,
  positions: Positions,
  remember: (layer: number) => Remember,
): void {
  const { config } = llama;
  let x = g.rows(llama.embedding, g.places(tokens));
  llama.layers.forEach((layer, i) => {
    x = g.of("Add", x, attend(g, g.normalised(x, layer.attentionNorm, config), layer, config, positions, remember(i)));
    x = g.of("Add", x, feedForward(g, g.normalised(x, layer.feedForwardNorm, config), layer));
  });
  const logits = g.times(g.normalised(x, llama.norm, config), llama.head);
  g.output("logits", logits, [positions.rows, VOCABULARY]);
  g.output("next", g.likeliest(logits), [positions.rows]);
}

function attend(
  g: FloatGraph,
  h: Value,
  layer: LlamaLayer,
  { heads, headWidth }: LlamaConfig,
  positions: Positions,
  remember: Remember,
): Value {
  const { rows, mask } = positions;
  const split = (matrix: Matrix) => g.transpose(g.reshape(g.times(h, matrix), [rows, heads, headWidth]), [1, 0, 2]);
  const query = rotated(g, split(layer.query), headWidth, positions);
  const keys = remember("k", rotated(g, split(layer.key), headWidth, positions));
  const values = remember("v", split(layer.value));
  const scores = g.scaled(g.of("MatMul", query, g.transpose(keys, [0, 2, 1])), 1 / Math.sqrt(headWidth));
  const weights = g.softmax(mask === undefined ? scores : g.of("Add", scores, mask));
  const mixed = g.transpose(g.of("MatMul", weights, values), [1, 0, 2]);
  return g.times(g.reshape(mixed, [rows, heads * headWidth]), layer.output);
}

/** Each head turned by its position, as `rotate_half` does it. */
function rotated(g: FloatGraph, x: Value, width: number, { cosine, sine }: Positions): Value {
  const traded = g.concat(g.columns(x, width / 2, width), g.columns(x, 0, width / 2), -1);
  return g.of("Add", g.of("Mul", x, cosine), g.of("Mul", traded, sine));
}

function feedForward(g: FloatGraph, h: Value, layer: LlamaLayer): Value {
  const gate = g.times(h, layer.gate);
  const open = g.of("Mul", gate, g.of("Sigmoid", gate));
  return g.times(g.of("Mul", open, g.times(h, layer.up)), layer.down);
}

/** Cosines and sines, rows x headWidth. Sines of a head's first half are negated, as they meet the second. */
function angles(config: LlamaConfig, rows: number): { readonly cosine: Float32Array; readonly sine: Float32Array } {
  const { headWidth } = config;
  const table = (of: (angle: number, isFirstHalf: boolean) => number) =>
    Float32Array.from({ length: rows * headWidth }, (_, at) => {
      const i = at % headWidth;
      return of(angleAt(Math.floor(at / headWidth), i, config), i < headWidth / 2);
    });
  return { cosine: table(Math.cos), sine: table((angle, isFirst) => (isFirst ? -1 : 1) * Math.sin(angle)) };
}
