import { requant } from "../arithmetic.ts";
import { toWords } from "../layout.ts";
import { type Channel, channelsOf } from "./channels.ts";
import { BLOCK, PairSums } from "./PairSums.ts";

/** What the constants of a step are about. */
export interface ProductShape {
  /** Output channels; a column of a matrix is one, too. */
  readonly count: number;
  readonly group: number;
  /** Of the kernel; 1 for a matrix. */
  readonly pixels: number;
  /** Channels of the input that an output channel reads at each pixel. */
  readonly depth: number;
  readonly zeroOut: number;
}

/** Sums of products, `sat(rte(f(f(bias + Σ patch·weight)·scale)) + zero)`, of two patches of the input at a time. */
export class ProductSums {
  readonly #perGroup: number;
  readonly #zeroOut: number;
  readonly #bias: Int32Array;
  readonly #scales: Float32Array;
  /** Blocks of the output channels of each group, one group after the other. */
  readonly #pairs: PairSums;

  /** Reads constants as they are committed. */
  constructor(constants: Uint8Array, { count, group, pixels, depth, zeroOut }: ProductShape) {
    this.#perGroup = count / group;
    this.#zeroOut = zeroOut;
    this.#bias = new Int32Array(count);
    this.#scales = new Float32Array(count);
    this.#pairs = new PairSums(pixels * depth, group * Math.ceil(this.#perGroup / BLOCK));
    for (const [i, channel] of channelsOf(constants, count).entries()) {
      this.#bias[i] = channel.bias;
      this.#scales[i] = channel.scale;
      this.#readWeights(channel, i, { pixels, depth, packed: group > 1 });
    }
  }

  /** What is multiplied with the weights: bytes less their zero point. */
  get first(): Int16Array {
    return this.#pairs.first;
  }

  get second(): Int16Array {
    return this.#pairs.second;
  }

  #readWeights(
    { weights, zero }: Channel,
    channel: number,
    { pixels, depth, packed }: { pixels: number; depth: number; packed: boolean },
  ): void {
    const inGroup = channel % this.#perGroup;
    const block = this.#blockOf((channel - inGroup) / this.#perGroup, inGroup);
    const stride = packed ? depth : toWords(depth);
    for (let pixel = 0; pixel < pixels; pixel += 1)
      for (let i = 0; i < depth; i += 1) {
        // Weights without gaps, as grouped convolutions have them, are in order; in others, the eight 4-byte groups of each
        // word are reversed.
        const weight = (weights[pixel * stride + (packed ? i : i ^ 28)] ?? 0) - zero;
        this.#pairs.set(block, inGroup % BLOCK, pixel * depth + i, weight);
      }
  }

  /** The block that a channel of a group is in. */
  #blockOf(group: number, inGroup: number): number {
    return group * Math.ceil(this.#perGroup / BLOCK) + Math.floor(inGroup / BLOCK);
  }

  /** Writes the bytes of a group's channels for both patches: where the group's first channel is, for each. */
  multiply(group: number, output: Uint8Array, atFirst: number, atSecond: number | undefined): void {
    const [sums, others] = this.#pairs.sums;
    for (let from = 0; from < this.#perGroup; from += BLOCK) {
      const channel = group * this.#perGroup + from;
      const size = Math.min(BLOCK, this.#perGroup - from);
      for (let i = 0; i < size; i += 1) sums[i] = others[i] = this.#bias[channel + i] as number;
      this.#pairs.accumulate(this.#blockOf(group, from));
      this.#write(sums, channel, size, output, atFirst + from);
      if (atSecond !== undefined) this.#write(others, channel, size, output, atSecond + from);
    }
  }

  #write(sums: Int32Array, channel: number, size: number, output: Uint8Array, at: number): void {
    const scales = this.#scales;
    for (let i = 0; i < size; i += 1)
      output[at + i] = requant(sums[i] as number, scales[channel + i] as number, this.#zeroOut);
  }
}
