/** QLinearConv, QLinearMatMul and QGemm: sums of products. */
import { WORD } from "../../codecs/merkle.ts";
import { toWords } from "../layout.ts";
import { DType } from "../model.ts";
import { Opcode, type Ref } from "../program.ts";
import { type Constant, beyond, integersOf } from "./constant.ts";
import { bitsOf } from "../arithmetic.ts";
import { f, isScale } from "./scales.ts";
import { MAX_CONSTANT_WORDS, type Made, attrsOf, inner } from "./made.ts";
import type { QuantisedReader } from "./QuantisedReader.ts";
import { slidePads } from "./pads.ts";

const MAX_PRODUCTS = 32_768;
const MAX_GROUPED_PRODUCTS = 2_048;
/** Whoever judges an element opens a word for each of these pixels at least, and all of it has to fit a transaction. */
const MAX_PIXELS = 1_024;
/** The same where each pixel stands alone, so that its proof comes on top. */
const MAX_SCATTERED_PIXELS = 256;
/** `int8` weights beyond saturate in the 16-bit sums of processors with AVX2 and without VNNI. */
const MAX_WEIGHT = 64;

/** Weights of a layer, channel by channel. A column of a matrix is a channel, too. */
interface Channels {
  readonly dtype: number;
  readonly count: number;
  /** Channels of the input that one channel of the output reads, at each of its pixels. */
  readonly depth: number;
  /** Pixels of the kernel; 1 for a matrix. */
  readonly pixels: number;
  /** The stored byte of one weight. */
  readonly at: (channel: number, pixel: number, depth: number) => number;
  /** Whether the weights lie like the words of the input, or packed. */
  readonly packed: boolean;
}

/** What belongs to a whole channel. A list has one entry for all of them, or one for each. */
interface Heads {
  readonly bias: readonly number[] | undefined;
  readonly scales: readonly number[];
  readonly zeros: readonly number[];
}

const of = <T>(list: ArrayLike<T>, i: number): T => list[list.length === 1 ? 0 : i] as T;

const channelWords = ({ depth, pixels, packed }: Channels): number =>
  1 + (packed ? toWords(pixels * depth) : pixels * toWords(depth)) / WORD;

/** Head word and weights of every channel, as they are committed. */
function layOut(channels: Channels, heads: Heads): Uint8Array {
  const { count, depth, pixels, at, packed } = channels;
  const size = channelWords(channels) * WORD;
  const bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  const flip = channels.dtype === DType.Int8 ? 0x80 : 0; // int8 is stored + 128
  const stride = toWords(depth);
  for (let channel = 0; channel < count; channel++) {
    const head = channel * size;
    view.setInt32(head, heads.bias?.[channel] ?? 0);
    view.setUint32(head + 4, bitsOf(of(heads.scales, channel)));
    bytes[head + 8] = of(heads.zeros, channel) ^ flip;
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let i = 0; i < depth; i++) {
        const place = packed ? pixel * depth + i : pixel * stride + reversed(i);
        bytes[head + WORD + place] = at(channel, pixel, i) ^ flip;
      }
  }
  return bytes;
}

/** Where byte `i` lies if the eight 4-byte groups of its word are in reverse order. */
const reversed = (i: number): number => i ^ 28;

/** Weights in range, and few enough products that nothing wraps. */
function checkSums(
  node: QuantisedReader,
  weights: Constant,
  name: string,
  channels: Channels,
  bias?: readonly number[],
): void {
  const products = channels.depth * channels.pixels;
  const most = channels.packed ? MAX_GROUPED_PRODUCTS : MAX_PRODUCTS;
  if (products > most) node.refuse(name, `makes ${products} products for each element, more than ${most}`);
  const words = channels.count * channelWords(channels);
  if (words > MAX_CONSTANT_WORDS) node.stop(name, `takes ${words} words, more than ${MAX_CONSTANT_WORDS}`);
  if (weights.dtype === DType.Int8) {
    const wrong = beyond(weights, MAX_WEIGHT);
    if (wrong !== undefined)
      node.refuse(name, `has the weight ${wrong}; int8 weights lie in [-64, 64] (quantise with reduce_range)`);
  }
  const largest = bias?.reduce((most, value) => Math.max(most, Math.abs(value)), 0) ?? 0;
  if (products * 255 * 255 + largest >= 2 ** 31)
    node.refuse("bias", `of ${largest} and ${products} products of bytes can reach 2^31`);
}

/** Bias of `int32`, one for each channel; a matrix with one row is a bias, too, where the operator says so. */
function biasOf(
  node: QuantisedReader,
  input: string,
  count: number,
  mayBeMatrix = false,
): readonly number[] | undefined {
  if (!node.hasInput(input)) return undefined;
  const { shape, ...rest } = node.constant(input, [DType.Int32]);
  const isRow = shape.length === 1 || (mayBeMatrix && shape.length === 2 && shape[0] === 1);
  if (isRow && shape.at(-1) === count) return [...integersOf({ shape, ...rest })];
  node.refuse(input, `has the shape [${shape.join(", ")}], not [${count}]`);
  return undefined;
}

/** The inputs of an operator that hold scales and zero points. */
interface Names {
  readonly x: string;
  readonly w: string;
  readonly y: string;
}

/** Combined scales, one for all channels or one for each, and the zero points of the weights. */
function combine(node: QuantisedReader, { x, w, y }: Names, dtype: number, count: number) {
  const [sx, sy] = [node.scale(`${x}_scale`), node.scale(`${y}_scale`)];
  const weightScales = node.scales(`${w}_scale`, count);
  const scales = weightScales.map((sw) => f(f(sx * sw) / sy));
  node.combined(`${w}_scale`, scales.find((scale) => !isScale(scale)) ?? 1);
  const zeros = node.zeros(`${w}_zero_point`, count, dtype);
  return { scales, zeros, zx: node.zero(`${x}_zero_point`), zy: node.zero(`${y}_zero_point`) };
}

/** 2-D convolution. */
export function qLinearConv(node: QuantisedReader): Made {
  const weights = node.constant("w", [DType.Uint8, DType.Int8]);
  const [count = 0, depth = 0, kh = 0, kw = 0] = weights.shape;
  if (weights.shape.length !== 4) node.stop("w", `has rank ${weights.shape.length}, not 4: convolutions are 2-D`);
  const names: Names = { x: "x", w: "w", y: "y" };
  const { scales, zeros, zx, zy } = combine(node, names, weights.dtype, count);
  if (zeros.some((zero) => zero !== zeros[0])) node.refuse("w_zero_point", "differs between channels");
  const bias = biasOf(node, "B", count);
  const group = node.int("group", 1);
  if (group < 1 || count % group !== 0) node.stop("group", `is ${group}, which does not divide ${count} channels`);
  const kernel = node.ints("kernel_shape") ?? [kh, kw];
  if (kernel.length !== 2 || kernel[0] !== kh || kernel[1] !== kw)
    node.stop("kernel_shape", `is [${kernel.join(", ")}], not [${kh}, ${kw}] as the weights say`);
  const pixels = kh * kw;
  const at = (channel: number, pixel: number, i: number) => weights.bytes[(channel * depth + i) * pixels + pixel] ?? 0;
  const channels: Channels = { dtype: weights.dtype, count, depth, pixels, at, packed: group > 1 };
  checkSums(node, weights, "w", channels, bias);

  const x = node.tensor("x");
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  if (x.shape.length !== 4) node.stop("x", `has rank ${x.shape.length}, not 4`);
  if (c !== depth * group) node.stop("x", `has ${c} channels, not ${depth} for each of ${group} groups`);
  const slide = slidePads(node, [h, w], [kh, kw]);
  const { strides, dilations, pads, output } = slide;
  const isScattered = group > 1 || dilations.some((dilation) => dilation > 1);
  const mostPixels = isScattered ? MAX_SCATTERED_PIXELS : MAX_PIXELS;
  if (pixels > mostPixels) node.refuse("kernel_shape", `has ${pixels} pixels, more than ${mostPixels}`);
  return {
    opcode: Opcode.Conv,
    ...inner([n, count, ...output]),
    inputs: [x],
    attrs: attrsOf(group, kh, kw, ...strides, ...dilations, ...pads, zx, zy),
    constants: layOut(channels, { bias, scales, zeros }),
  };
}

/** A matrix of constants: `[K, N]`, or `[N, K]` if it is turned. */
function matrix(node: QuantisedReader, input: string, turned: boolean): { weights: Constant; channels: Channels } {
  const weights = node.constant(input, [DType.Uint8, DType.Int8]);
  if (weights.shape.length !== 2) node.stop(input, `has rank ${weights.shape.length}, not 2`);
  const [rows = 0, columns = 0] = weights.shape;
  const [depth, count] = turned ? [columns, rows] : [rows, columns];
  const at = (column: number, _pixel: number, row: number) =>
    weights.bytes[turned ? column * columns + row : row * columns + column] ?? 0;
  return { weights, channels: { dtype: weights.dtype, count, depth, pixels: 1, at, packed: false } };
}

function dot(
  node: QuantisedReader,
  x: Ref,
  xName: string,
  channels: Channels,
  heads: Heads,
  zeros: [number, number],
): Made {
  const rows = x.shape.slice(0, -1);
  const depth = x.shape.at(-1) ?? 0;
  if (depth !== channels.depth) node.stop(xName, `has rows of ${depth}, but the matrix takes ${channels.depth}`);
  return {
    opcode: Opcode.Dot,
    ...inner([...rows, channels.count]),
    inputs: [x],
    attrs: attrsOf(...zeros),
    constants: layOut(channels, heads),
  };
}

/** A matrix of activations by a matrix of constants. */
export function qLinearMatMul(node: QuantisedReader): Made {
  const { weights, channels } = matrix(node, "b", false);
  const { zx, zy, ...heads } = combine(node, { x: "a", w: "b", y: "y" }, weights.dtype, channels.count);
  checkSums(node, weights, "b", channels);
  const x = node.tensor("a");
  if (x.shape.length !== 2 && x.shape.length !== 3) node.stop("a", `has rank ${x.shape.length}, not 2 or 3`);
  return dot(node, x, "a", channels, { bias: undefined, ...heads }, [zx, zy]);
}

/** The same with a bias. */
export function qGemm(node: QuantisedReader): Made {
  if (node.float("alpha", 1) !== 1) node.refuse("alpha", `is ${node.float("alpha", 1)}, not 1`);
  node.expectInt("transA", 0, [0]);
  node.expectInt("transB", 0, [0, 1]);
  const { weights, channels } = matrix(node, "B", node.int("transB", 0) === 1);
  const { zx, zy, ...heads } = combine(node, { x: "a", w: "b", y: "y" }, weights.dtype, channels.count);
  const bias = biasOf(node, "C", channels.count, true);
  node.expectAlike("b_zero_point", "b_scale", [DType.Float, DType.Uint8, DType.Int8]);
  checkSums(node, weights, "B", channels, bias);
  const x = node.tensor("A");
  if (x.shape.length !== 2) node.stop("A", `has rank ${x.shape.length}, not 2`);
  return dot(node, x, "A", channels, { bias, ...heads }, [zx, zy]);
}
