import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { LlamaConfig } from "../src/model/exportLm/config.ts";
import { forward, silu } from "../src/model/exportLm/forward.ts";
import type { Llama, LlamaLayer, Matrix } from "../src/model/exportLm/Llama.ts";
import { randomLlama } from "../src/model/exportLm/randomLlama.ts";
import { SMALL, randomText } from "./exportLmSupport.ts";

/** Rows as a matrix: one for each output. */
const matrix = (...rows: readonly (readonly number[])[]): Matrix => ({
  inputs: rows[0]?.length ?? 0,
  outputs: rows.length,
  values: Float32Array.from(rows.flat()),
});
const NOTHING = matrix([0, 0], [0, 0]);
const SAME = matrix([1, 0], [0, 1]);
const ONES = Float32Array.of(1, 1);

/** Width 2 with one head, and an epsilon that makes no difference. */
const TINY: LlamaConfig = {
  ...SMALL,
  width: 2,
  innerWidth: 1,
  layers: 1,
  heads: 1,
  keyHeads: 1,
  headWidth: 2,
  epsilon: 1e-12,
};

/** One layer, whose blocks add nothing unless they are given. */
function tiny(layer: Partial<LlamaLayer> = {}, others: Partial<Llama> = {}): Llama {
  const embedding = matrix(...Array.from({ length: 256 }, (_, token) => (token === 1 ? [3, 0] : [0, 4])));
  const idle: LlamaLayer = {
    attentionNorm: ONES,
    query: NOTHING,
    key: NOTHING,
    value: SAME,
    output: NOTHING,
    feedForwardNorm: ONES,
    gate: matrix([0, 0]),
    up: matrix([0, 0]),
    down: matrix([0], [0]),
  };
  return { config: TINY, embedding, layers: [{ ...idle, ...layer }], norm: ONES, head: SAME, ...others };
}

/** The residual stream behind the last layer. */
function residual(llama: Llama, ...tokens: readonly number[]): readonly number[] {
  let last = new Float32Array();
  forward(llama, Uint8Array.from(tokens), (activation, _, values) => {
    if (activation === "residual") last = values.slice();
  });
  return [...last];
}

function near(given: readonly number[], expected: readonly number[]): void {
  assert.equal(given.length, expected.length);
  given.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] ?? NaN)) < 1e-5, `${given.join()} is not ${expected.join()}`);
  });
}

const { SQRT2, sin, exp } = Math;

describe("forward", () => {
  it("divides by the root of the mean square, multiplies by the gain, and by the matrix of logits", () => {
    const last = { norm: Float32Array.of(5, 7), head: matrix([1, 0], [0, 1], [2, 3]) };
    const config = { ...TINY, epsilon: 8.5 };
    const root = Math.sqrt(9 / 2 + config.epsilon); // of [3, 0]
    const h = (5 * 3) / root;
    near([...forward(tiny({}, { ...last, config }), Uint8Array.of(1))], [h, 0, 2 * h]);
  });

  it("adds the mean of values where all scores are equal, of no position behind", () => {
    // Norms make [3, 0] to [SQRT2, 0] and [0, 4] to [0, SQRT2].
    const uniform = tiny({ output: matrix([1, 0], [0, 10]) });
    near(residual(uniform, 1, 2, 2), [
      ...[3 + SQRT2, 0],
      ...[SQRT2 / 2, 4 + (10 * SQRT2) / 2],
      ...[SQRT2 / 3, 4 + (20 * SQRT2) / 3],
    ]);
  });

  it("turns queries and keys by their positions before it compares them", () => {
    // At 1, the query [0, SQRT2] is turned by one radian; so is the key there, and the key [SQRT2, 0] at 0 by nothing.
    const [far, near0] = [exp((-2 * sin(1)) / SQRT2), exp(2 / SQRT2)];
    const [first, second] = [far / (far + near0), near0 / (far + near0)];
    near(residual(tiny({ query: SAME, key: SAME, output: SAME }), 1, 2), [
      ...[3 + SQRT2, 0],
      ...[SQRT2 * first, 4 + SQRT2 * second],
    ]);
  });

  it("turns each pair of a head's halves by an angle of its own", () => {
    const wide = { ...TINY, width: 4, headWidth: 4, theta: 100 };
    const zeros = [0, 0, 0, 0];
    const none = matrix(zeros, zeros, zeros, zeros);
    const query = matrix([0, 0, 1, 0], [0, 0, 0, 1], zeros, zeros);
    const llama: Llama = {
      ...tiny({ output: none, value: none, key: none, gate: matrix(zeros), up: matrix(zeros) }),
      config: wide,
      embedding: matrix(...Array.from({ length: 256 }, () => [0, 0, 1, 1])),
    };
    const layers = llama.layers.map((layer) => ({
      ...layer,
      query,
      attentionNorm: new Float32Array(4).fill(1),
      feedForwardNorm: new Float32Array(4).fill(1),
      down: matrix([0], [0], [0], [0]),
    }));
    let queries: Float32Array = new Float32Array();
    forward(
      { ...llama, layers, norm: new Float32Array(4), head: none },
      Uint8Array.of(0, 0),
      (activation, _, values) => {
        if (activation === "query") queries = values;
      },
    );
    // At position 1: angles 1 and 100^(-1/2).
    const turned = [Math.cos(1), Math.cos(0.1), sin(1), sin(0.1)].map((value) => SQRT2 * value);
    near([...queries], [SQRT2, SQRT2, 0, 0, ...turned]);
  });

  it("adds the gated product", () => {
    const gated = tiny({ gate: matrix([1, 0]), up: matrix([2, 0]), down: matrix([3], [5]) });
    const product = (SQRT2 / (1 + exp(-SQRT2))) * 2 * SQRT2;
    near(residual(gated, 1), [3 + 3 * product, 5 * product]);
    assert.equal(silu(0), 0);
  });

  it("shares heads of keys and values as if they were there several times", () => {
    const shared = randomLlama({ ...SMALL, keyHeads: 2 });
    const { headWidth, width } = SMALL;
    const twice = ({ inputs, values }: Matrix): Matrix => {
      const size = headWidth * width;
      const heads = [0, 0, 1, 1].flatMap((head) => [...values.subarray(head * size, (head + 1) * size)]);
      return { inputs, outputs: width, values: Float32Array.from(heads) };
    };
    const layers = shared.layers.map((layer) => ({ ...layer, key: twice(layer.key), value: twice(layer.value) }));
    const text = randomText(SMALL.context, 1);
    assert.deepEqual(forward(shared, text), forward({ ...shared, config: SMALL, layers }, text));
  });
});
