import type { LlamaConfig } from "./config.ts";
import type { Llama, LlamaLayer, Matrix } from "./Llama.ts";

/** Activations that the integer model holds in few bits, so that their range must be known. */
export type LayerActivation =
  "attentionNorm" | "query" | "key" | "value" | "mixed" | "feedForwardNorm" | "gate" | "product";

/** Takes note of what a forward pass computes. `layer` is -1 for what belongs to none. */
export type Observe = (activation: LayerActivation | "residual" | "norm", layer: number, values: Float32Array) => void;

/**
 * One pass of a Llama in float over a window of tokens. Norms are observed before their gains, which the integer model
 * folds into the weights behind them; queries and keys after they are rotated.
 * @returns logits, a row of the vocabulary for each position.
 */
export function forward(llama: Llama, tokens: Uint8Array, observe: Observe = () => undefined): Float32Array {
  const { config, embedding } = llama;
  const { width, epsilon } = config;
  const x = new Float32Array(tokens.length * width);
  tokens.forEach((token, t) => {
    x.set(embedding.values.subarray(token * width, (token + 1) * width), t * width);
  });
  observe("residual", -1, x);
  llama.layers.forEach((layer, i) => {
    const seen = (activation: LayerActivation, values: Float32Array) => {
      observe(activation, i, values);
      return values;
    };
    const forAttention = seen("attentionNorm", normalise(x, width, epsilon));
    addTo(x, attend(layer, config, withGain(forAttention, layer.attentionNorm), seen));
    observe("residual", i, x);
    const forProduct = seen("feedForwardNorm", normalise(x, width, epsilon));
    addTo(x, feedForward(layer, withGain(forProduct, layer.feedForwardNorm), seen));
    observe("residual", i, x);
  });
  const last = normalise(x, width, epsilon);
  observe("norm", -1, last);
  return times(withGain(last, llama.norm), llama.head);
}

type Seen = (activation: LayerActivation, values: Float32Array) => Float32Array;

function attend(layer: LlamaLayer, config: LlamaConfig, h: Float32Array, seen: Seen): Float32Array {
  const query = seen("query", rotate(times(h, layer.query), layer.query.outputs, config));
  const key = seen("key", rotate(times(h, layer.key), layer.key.outputs, config));
  const value = seen("value", times(h, layer.value));
  return times(seen("mixed", mix(query, key, value, config)), layer.output);
}

function feedForward(layer: LlamaLayer, h: Float32Array, seen: Seen): Float32Array {
  const gate = seen("gate", times(h, layer.gate));
  const up = times(h, layer.up);
  const product = up.map((value, i) => value * silu(gate[i] ?? 0));
  return times(seen("product", product), layer.down);
}

export const silu = (x: number): number => x / (1 + Math.exp(-x));

function normalise(x: Float32Array, width: number, epsilon: number): Float32Array {
  const h = new Float32Array(x.length);
  for (let row = 0; row < x.length; row += width) {
    let squares = 0;
    for (let i = row; i < row + width; i++) squares += (x[i] ?? 0) ** 2;
    const factor = 1 / Math.sqrt(squares / width + epsilon);
    for (let i = row; i < row + width; i++) h[i] = (x[i] ?? 0) * factor;
  }
  return h;
}

const withGain = (h: Float32Array, gain: Float32Array): Float32Array =>
  h.map((value, i) => value * (gain[i % gain.length] ?? 0));

function addTo(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) + (y[i] ?? 0);
}

/** Every row of `x` times a matrix. Four rows at a time: a processor adds to four sums as fast as to one. */
function times(x: Float32Array, { inputs, outputs, values: w }: Matrix): Float32Array {
  const rows = x.length / inputs;
  const y = new Float32Array(rows * outputs);
  const atMost = (row: number) => Math.min(row, rows - 1); // the last once more, where there is no other
  for (let row = 0; row < rows; row += 4) {
    const second = atMost(row + 1);
    const third = atMost(row + 2);
    const fourth = atMost(row + 3);
    for (let o = 0; o < outputs; o++) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0; i < inputs; i++) {
        const weight = w[o * inputs + i] ?? 0;
        a += weight * (x[row * inputs + i] ?? 0);
        b += weight * (x[second * inputs + i] ?? 0);
        c += weight * (x[third * inputs + i] ?? 0);
        d += weight * (x[fourth * inputs + i] ?? 0);
      }
      y[row * outputs + o] = a;
      y[second * outputs + o] = b;
      y[third * outputs + o] = c;
      y[fourth * outputs + o] = d;
    }
  }
  return y;
}

/** The angle of entry `i` of a head at a position: both halves of a head turn by the same angles. */
export function angleAt(position: number, i: number, { headWidth, theta }: LlamaConfig): number {
  const half = headWidth / 2;
  return position * theta ** (-(i % half) / half);
}

/** Turns each head by its position, as Hugging Face's `rotate_half` does. */
function rotate(x: Float32Array, width: number, config: LlamaConfig): Float32Array {
  const half = config.headWidth / 2;
  const y = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const place = i % config.headWidth;
    const angle = angleAt(Math.floor(i / width), place, config);
    const other = place < half ? -(x[i + half] ?? 0) : (x[i - half] ?? 0);
    y[i] = (x[i] ?? 0) * Math.cos(angle) + other * Math.sin(angle);
  }
  return y;
}

/** Causal attention: each head's mean of values, weighed by the softmax of its scores. */
function mix(query: Float32Array, key: Float32Array, value: Float32Array, config: LlamaConfig): Float32Array {
  const { heads, keyHeads, headWidth } = config;
  const [queryWidth, keyWidth] = [heads * headWidth, keyHeads * headWidth];
  const mixed = new Float32Array(query.length);
  for (let head = 0; head < heads; head++) {
    const column = Math.floor(head / (heads / keyHeads)) * headWidth;
    for (let t = 0; t < query.length / queryWidth; t++) {
      const at = t * queryWidth + head * headWidth;
      const weights = softmax(
        Array.from({ length: t + 1 }, (_, s) => {
          let score = 0;
          for (let i = 0; i < headWidth; i++) score += (query[at + i] ?? 0) * (key[s * keyWidth + column + i] ?? 0);
          return score / Math.sqrt(headWidth);
        }),
      );
      weights.forEach((weight, s) => {
        for (let i = 0; i < headWidth; i++)
          mixed[at + i] = (mixed[at + i] ?? 0) + weight * (value[s * keyWidth + column + i] ?? 0);
      });
    }
  }
  return mixed;
}

/** Probabilities of logits. */
function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
