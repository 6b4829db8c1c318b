import { type LlamaConfig, VOCABULARY } from "./config.ts";
import type { Ranges } from "./calibrate.ts";
import { passGraph } from "./graph/passGraph.ts";
import type { Llama, LlamaLayer, Matrix } from "./Llama.ts";
import { quantise } from "./quantise.ts";

/** Numbers like those of a normal distribution, the same for the same seed. */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** From 0 to below 1 (mulberry32). */
  private unit(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Mean 0, variance 1: a sum of three uniform numbers, which is near enough. */
  normal(): number {
    return 2 * (this.unit() + this.unit() + this.unit()) - 3;
  }
}

/** A Llama that has learnt nothing: for tests, and for measuring what sizes cost. */
export function randomLlama(config: LlamaConfig, seed = 1): Llama {
  const random = new Random(seed);
  const matrix = (outputs: number, inputs: number): Matrix => {
    const values = Float32Array.from({ length: outputs * inputs }, () => random.normal() / Math.sqrt(inputs));
    return { inputs, outputs, values };
  };
  const { width, innerWidth, heads, keyHeads, headWidth } = config;
  const gain = () => Float32Array.from({ length: width }, () => 1 + random.normal() / 8);
  const layers = Array.from({ length: config.layers }, (): LlamaLayer => ({
    attentionNorm: gain(),
    query: matrix(heads * headWidth, width),
    key: matrix(keyHeads * headWidth, width),
    value: matrix(keyHeads * headWidth, width),
    output: matrix(width, heads * headWidth),
    feedForwardNorm: gain(),
    gate: matrix(innerWidth, width),
    up: matrix(innerWidth, width),
    down: matrix(width, innerWidth),
  }));
  return { config, embedding: matrix(VOCABULARY, width), layers, norm: gain(), head: matrix(VOCABULARY, width) };
}

/** The pass graph of a model that has learnt nothing. */
export const randomPassGraph = (config: LlamaConfig, length: number): Uint8Array =>
  passGraph(quantise(randomLlama(config), randomRanges(config)), length);

/** Ranges that fit a random Llama of any size, whose activations have a variance of about 1. */
function randomRanges({ layers }: LlamaConfig): Ranges {
  const [unit, residual] = [4, 4 * Math.sqrt(layers)];
  const layer = {
    attentionNorm: unit,
    query: unit,
    key: unit,
    value: unit,
    mixed: unit,
    feedForwardNorm: unit,
    gate: unit,
    product: unit,
  };
  return { residual, layers: Array.from({ length: layers }, () => layer), norm: unit };
}
