/** CONV and DOT: sums of products. */
import { floatOf, requant } from "../arithmetic.ts";
import { placementOf, toWords } from "../layout.ts";
import { attrsOf, imageOf, type KernelMaker, nth } from "./kernel.ts";

const WORD = 32;

/** The constants of a step, by output channel. A column of a matrix is a channel, too. */
interface Channels {
  readonly bias: Int32Array;
  readonly scales: Float32Array;
  /** Less their zero point; a channel's weights follow each other, in the order of a patch. */
  readonly weights: Int16Array;
  /** Weights of a channel. */
  readonly length: number;
}

/**
 * Reads constants as they are committed.
 * @param pixels of the kernel; 1 for a matrix.
 * @param depth channels that an output channel reads at each pixel.
 * @param packed whether the weights of a channel lie without gaps (grouped convolutions), or like the words of the input.
 */
function readChannels(constants: Uint8Array, count: number, pixels: number, depth: number, packed: boolean): Channels {
  const length = pixels * depth;
  const size = constants.length / count;
  const view = new DataView(constants.buffer, constants.byteOffset, constants.length);
  const bias = new Int32Array(count);
  const scales = new Float32Array(count);
  const weights = new Int16Array(count * length);
  const stride = packed ? depth : toWords(depth);
  for (let channel = 0; channel < count; channel += 1) {
    const head = channel * size;
    bias[channel] = view.getInt32(head);
    scales[channel] = floatOf(view.getUint32(head + 4));
    const zero = view.getUint8(head + 8);
    for (let pixel = 0; pixel < pixels; pixel += 1)
      for (let i = 0; i < depth; i += 1) {
        // Unless they are packed, the eight 4-byte groups of each word are in reverse order.
        const place = pixel * stride + (packed ? i : i ^ 28);
        weights[channel * length + pixel * depth + i] = view.getUint8(head + WORD + place) - zero;
      }
  }
  return { bias, scales, weights, length };
}

/** Writes the bytes of the channels from `first` to `end`, which all read the same patch. */
function multiply(
  patch: Int16Array,
  { bias, scales, weights, length }: Channels,
  [first, end]: readonly [number, number],
  zero: number,
  output: Uint8Array,
  at: number,
): void {
  let channel = first;
  // Four at a time, so that each value of the patch is loaded once for four products.
  for (; channel + 4 <= end; channel += 4) {
    const w0 = channel * length;
    const [w1, w2, w3] = [w0 + length, w0 + 2 * length, w0 + 3 * length];
    let [s0, s1, s2, s3] = [bias[channel] ?? 0, bias[channel + 1] ?? 0, bias[channel + 2] ?? 0, bias[channel + 3] ?? 0];
    for (let i = 0; i < length; i += 1) {
      const value = patch[i] as number;
      s0 = (s0 + value * (weights[w0 + i] as number)) | 0;
      s1 = (s1 + value * (weights[w1 + i] as number)) | 0;
      s2 = (s2 + value * (weights[w2 + i] as number)) | 0;
      s3 = (s3 + value * (weights[w3 + i] as number)) | 0;
    }
    output[at + channel] = requant(s0, scales[channel] as number, zero);
    output[at + channel + 1] = requant(s1, scales[channel + 1] as number, zero);
    output[at + channel + 2] = requant(s2, scales[channel + 2] as number, zero);
    output[at + channel + 3] = requant(s3, scales[channel + 3] as number, zero);
  }
  for (; channel < end; channel += 1) {
    const from = channel * length;
    let sum = bias[channel] as number;
    for (let i = 0; i < length; i += 1) sum = (sum + (patch[i] as number) * (weights[from + i] as number)) | 0;
    output[at + channel] = requant(sum, scales[channel] as number, zero);
  }
}

/** A matrix of activations by a matrix of constants. */
export const dot: KernelMaker = ({ step, constants, ...rest }) => {
  const [zeroIn = 0, zeroOut = 0] = attrsOf({ step, constants, ...rest });
  const depth = nth(step.inputs, 0).shape.at(-1) ?? 0;
  const count = step.shape.at(-1) ?? 0;
  const rows = step.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const channels = readChannels(constants, count, 1, depth, false);
  const [rowIn, rowOut] = [toWords(depth), toWords(count)];
  const patch = new Int16Array(depth);
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(rows * rowOut);
    for (let row = 0; row < rows; row += 1) {
      for (let i = 0; i < depth; i += 1) patch[i] = (input[row * rowIn + i] as number) - zeroIn;
      multiply(patch, channels, [0, count], zeroOut, output, row * rowOut);
    }
    return output;
  };
};

/** 2-D convolution with any groups, strides, dilations and pads. */
export const conv: KernelMaker = (program) => {
  const { step, constants } = program;
  const [group = 1, kh = 1, kw = 1, sh = 1, sw = 1, dh = 1, dw = 1, top = 0, left = 0, zeroIn = 0, zeroOut = 0] =
    attrsOf(program);
  const from = imageOf(nth(step.inputs, 0));
  const to = imageOf(step);
  const depth = from.c / group;
  const perGroup = to.c / group;
  const channels = readChannels(constants, to.c, kh * kw, depth, group > 1);
  const { byteLength } = placementOf(step);
  const [pixelIn, pixelOut] = [toWords(from.c), toWords(to.c)];
  const patch = new Int16Array(channels.length);

  /** Copies what the kernel covers from input row `y` and column `x` on; what is outside of the image stands for zero. */
  const cover = (input: Uint8Array, image: number, y: number, x: number, channel: number): void => {
    let at = 0;
    for (let ky = 0, row = y; ky < kh; ky += 1, row += dh) {
      const inside = row >= 0 && row < from.h;
      for (let kx = 0, column = x; kx < kw; kx += 1, column += dw) {
        const end = at + depth;
        if (!inside || column < 0 || column >= from.w) for (; at < end; at += 1) patch[at] = 0;
        else
          for (let byte = image + (row * from.w + column) * pixelIn + channel; at < end; at += 1, byte += 1)
            patch[at] = (input[byte] as number) - zeroIn;
      }
    }
  };
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(byteLength);
    let at = 0;
    for (let n = 0; n < from.n; n += 1)
      for (let y = 0; y < to.h; y += 1)
        for (let x = 0; x < to.w; x += 1, at += pixelOut)
          for (let g = 0; g < group; g += 1) {
            cover(input, n * from.h * from.w * pixelIn, y * sh - top, x * sw - left, g * depth);
            multiply(patch, channels, [g * perGroup, (g + 1) * perGroup], zeroOut, output, at);
          }
    return output;
  };
};
