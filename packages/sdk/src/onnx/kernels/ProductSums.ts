import { floatOf, requant } from "../arithmetic.ts";
import { toWords } from "../layout.ts";

const WORD = 32;
/** Output channels that are computed together: two in each of four doubles. */
const BLOCK = 8;
/** What the upper of two weights in a double is multiplied with. */
const UPPER = 2 ** 27;
/** Products after which sums are taken apart: 1,024 · 255² < 2^26, so that a lower sum never reaches into the upper one. */
const CHUNK = 1_024;

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

/**
 * Sums of products, `sat(rte(f(f(bias + Σ patch·weight)·scale)) + zero)`, of two patches of the input at a time.
 *
 * Engines of JavaScript have no vectors, but a double holds two sums: `(p·w0) + (p·w1)·2^27`. All of it are integers below 2^53,
 * so nothing is rounded. Two patches and eight channels in registers take a fifth of the time of a plain loop.
 */
export class ProductSums {
  /** What is multiplied with the weights: bytes less their zero point. */
  readonly first: Int16Array;
  readonly second: Int16Array;
  readonly #perGroup: number;
  readonly #zeroOut: number;
  readonly #bias: Int32Array;
  readonly #scales: Float32Array;
  /** By group, block of channels, place in a patch, and pair of channels. */
  readonly #weights: Float64Array;
  readonly #sums = [new Int32Array(BLOCK), new Int32Array(BLOCK)] as const;

  /** Reads constants as they are committed. */
  constructor(constants: Uint8Array, { count, group, pixels, depth, zeroOut }: ProductShape) {
    const length = pixels * depth;
    this.first = new Int16Array(length);
    this.second = new Int16Array(length);
    this.#perGroup = count / group;
    this.#zeroOut = zeroOut;
    this.#bias = new Int32Array(count);
    this.#scales = new Float32Array(count);
    this.#weights = new Float64Array(group * Math.ceil(this.#perGroup / BLOCK) * length * (BLOCK / 2));
    const size = constants.length / count;
    for (let channel = 0; channel < count; channel += 1) {
      const own = new DataView(constants.buffer, constants.byteOffset + channel * size, size);
      this.#bias[channel] = own.getInt32(0);
      this.#scales[channel] = floatOf(own.getUint32(4));
      this.#readWeights(own, channel, { pixels, depth, packed: group > 1 });
    }
  }

  #readWeights(own: DataView, channel: number, shape: { pixels: number; depth: number; packed: boolean }): void {
    const { pixels, depth, packed } = shape;
    const zero = own.getUint8(8);
    const inGroup = channel % this.#perGroup;
    const factor = inGroup % 2 === 0 ? 1 : UPPER;
    const base = this.#blockAt((channel - inGroup) / this.#perGroup, inGroup) + ((inGroup % BLOCK) >> 1);
    const stride = packed ? depth : toWords(depth);
    for (let pixel = 0; pixel < pixels; pixel += 1)
      for (let i = 0; i < depth; i += 1) {
        // Weights without gaps, as grouped convolutions have them, are in order; in others, the eight 4-byte groups of each
        // word are reversed.
        const weight = own.getUint8(WORD + pixel * stride + (packed ? i : i ^ 28)) - zero;
        const at = base + (pixel * depth + i) * (BLOCK / 2);
        this.#weights[at] = (this.#weights[at] as number) + weight * factor;
      }
  }

  /** Where the weights of the block begin that a channel of a group is in. */
  #blockAt(group: number, inGroup: number): number {
    const block = group * Math.ceil(this.#perGroup / BLOCK) + Math.floor(inGroup / BLOCK);
    return block * this.first.length * (BLOCK / 2);
  }

  /** Writes the bytes of a group's channels for both patches: where the group's first channel is, for each. */
  multiply(group: number, output: Uint8Array, atFirst: number, atSecond: number | undefined): void {
    const [sums, others] = this.#sums;
    for (let from = 0; from < this.#perGroup; from += BLOCK) {
      const channel = group * this.#perGroup + from;
      const size = Math.min(BLOCK, this.#perGroup - from);
      for (let i = 0; i < size; i += 1) sums[i] = others[i] = this.#bias[channel + i] as number;
      this.#accumulate(this.#blockAt(group, from));
      this.#write(sums, channel, size, output, atFirst + from);
      if (atSecond !== undefined) this.#write(others, channel, size, output, atSecond + from);
    }
  }

  #write(sums: Int32Array, channel: number, size: number, output: Uint8Array, at: number): void {
    const scales = this.#scales;
    for (let i = 0; i < size; i += 1)
      output[at + i] = requant(sums[i] as number, scales[channel + i] as number, this.#zeroOut);
  }

  /** Adds the products of both patches with the weights of a block to its sums. */
  #accumulate(block: number): void {
    const { first, second } = this;
    const weights = this.#weights;
    let at = block;
    for (let start = 0; start < first.length; start += CHUNK) {
      const end = Math.min(start + CHUNK, first.length);
      let [a0, a1, a2, a3, b0, b1, b2, b3] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let i = start; i < end; i += 1, at += 4) {
        const a = first[i] as number;
        const b = second[i] as number;
        const w0 = weights[at] as number;
        const w1 = weights[at + 1] as number;
        const w2 = weights[at + 2] as number;
        const w3 = weights[at + 3] as number;
        a0 += a * w0;
        a1 += a * w1;
        a2 += a * w2;
        a3 += a * w3;
        b0 += b * w0;
        b1 += b * w1;
        b2 += b * w2;
        b3 += b * w3;
      }
      addPairs(this.#sums[0], a0, a1, a2, a3);
      addPairs(this.#sums[1], b0, b1, b2, b3);
    }
  }
}

function addPairs(sums: Int32Array, p0: number, p1: number, p2: number, p3: number): void {
  addPair(sums, 0, p0);
  addPair(sums, 2, p1);
  addPair(sums, 4, p2);
  addPair(sums, 6, p3);
}

/** Takes two sums in a double apart. */
function addPair(sums: Int32Array, at: number, pair: number): void {
  const upper = Math.round(pair / UPPER);
  sums[at] = (sums[at] as number) + (pair - upper * UPPER);
  sums[at + 1] = (sums[at + 1] as number) + upper;
}
