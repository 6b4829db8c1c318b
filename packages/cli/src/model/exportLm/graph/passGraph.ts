import { DType } from "@opg-protocol/sdk/onnx";

import { VOCABULARY } from "../config.ts";
import type { IntegerLlama } from "../IntegerLlama.ts";
import { type Positions, attend } from "./attention.ts";
import { type Chance, POSITION_FACTOR, choose, logitsOf } from "./choice.ts";
import { feedForward } from "./feedForward.ts";
import { BOOL, type Value } from "./GraphWriter.ts";
import { IntegerGraph } from "./IntegerGraph.ts";

/**
 * The graph that judges a text: it takes a prompt and the stated text, and gives the text as it must be. So a stated text is
 * right if and only if it comes out again.
 * @param length positions of the window.
 */
export function passGraph(model: IntegerLlama, length: number): Uint8Array {
  const g = new IntegerGraph();
  const prompt = g.cast(g.input("prompt", DType.Uint8, [length]), DType.Int32);
  const limit = g.input("limit", DType.Int32, [1]);
  const seed = g.input("seed", DType.Int32, [1]);
  const temperature = g.input("temperature", DType.Int32, [1]);
  const stated = g.cast(g.input("text.stated", DType.Uint8, [length]), DType.Int32);

  const isPrompt = g.greater(prompt, 0);
  const tokens = g.where(isPrompt, prompt, stated);
  const x = blocks(g, model, tokens, passPositions(g, model, length));
  const positions = BigInt64Array.from({ length }, (_, t) => BigInt(t * POSITION_FACTOR));
  const chance: Chance = { seed, temperature, positions: g.constant(positions, [length, 1]) };
  const next = g.scope("choice", () => choose(g, logitsOf(g, x, model), chance, model.gumbel));
  g.output(
    "text",
    g.scope("text", () => textOf(g, { isPrompt, tokens, next, limit, length })),
    [length],
  );
  return g.bytes();
}

/** The residual stream behind all layers. Each row looks at itself and at those before. */
function blocks(g: IntegerGraph, model: IntegerLlama, tokens: Value, positions: Positions): Value {
  let x = g.gather(g.constant(model.embedding, [VOCABULARY, model.config.width]), tokens);
  model.layers.forEach((layer, i) => {
    x = g.scope(`${i}/attention`, () => attend(g, x, layer.attention, model, positions, (memory) => memory));
    x = g.scope(`${i}/feedForward`, () => feedForward(g, x, layer.feedForward));
  });
  return x;
}

function passPositions(g: IntegerGraph, { config, cosine, sine }: IntegerLlama, rows: number): Positions {
  const { headWidth, heads, keyHeads } = config;
  const angles = (table: Int32Array) => g.constant(table.slice(0, rows * headWidth), [1, rows, headWidth]);
  const queries = (heads / keyHeads) * rows;
  const isVisible = (_: unknown, at: number) => (at % rows <= Math.floor(at / rows) % rows ? 1 : 0);
  const mask = g.constant(Uint8Array.from({ length: queries * rows }, isVisible), [1, queries, rows], BOOL);
  return { rows, cosine: angles(cosine), sine: angles(sine), mask };
}

interface Judged {
  readonly isPrompt: Value;
  readonly tokens: Value;
  /** int64 [length, 1]: what follows each position. */
  readonly next: Value;
  readonly limit: Value;
  readonly length: number;
}

/** Above every limit. */
const NEVER = 2 ** 31 - 1;

/** The text that must be stated: nothing in the prompt, beyond the limit and behind an end mark, which is a zero. */
function textOf(g: IntegerGraph, { isPrompt, tokens, next, limit, length }: Judged): Value {
  const none = g.scalar(0, DType.Int32);
  const chosen = g.cast(g.reshape(next, [length]), DType.Int32);
  const followers = g.where(g.equal(tokens, 0), none, chosen);
  // Each position has what follows the one before. Nothing is before the first, which no limit allows to hold anything.
  const text = g.rotated(followers, 0);
  const places = Int32Array.from({ length }, (_, t) => (t === 0 ? NEVER : t));
  const limited = g.where(g.greater(limit, g.constant(places, [length])), text, none);
  return g.cast(g.where(isPrompt, none, limited), DType.Uint8);
}
