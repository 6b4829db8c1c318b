import { requant } from "../arithmetic.ts";
import { placementOf, toWords } from "../layout.ts";
import { channelsOf } from "./channels.ts";
import { attrsOf, imageOf, type KernelMaker, nth } from "./kernel.ts";

/** CONV where each output channel reads one channel of the input: few products each, so channels are the inner loop. */
export const depthwise: KernelMaker = (program) => {
  const { step, constants } = program;
  const [group = 1, kh = 1, kw = 1, sh = 1, sw = 1, dh = 1, dw = 1, top = 0, left = 0, zeroIn = 0, zeroOut = 0] =
    attrsOf(program);
  const from = imageOf(nth(step.inputs, 0));
  const to = imageOf(step);
  const { byteLength } = placementOf(step);
  const [pixelIn, pixelOut] = [toWords(from.c), toWords(to.c)];
  const channels = channelsOf(constants, to.c);
  const bias = Int32Array.from(channels, (channel) => channel.bias);
  const scales = Float32Array.from(channels, (channel) => channel.scale);
  /** The channel of the input that one of the output reads. */
  const source = Int32Array.from(channels, (_, i) => Math.floor((i * group) / to.c));
  /** By pixel of the kernel, then by channel. */
  const weights = new Int16Array(kh * kw * to.c);
  for (const [i, channel] of channels.entries())
    for (let pixel = 0; pixel < kh * kw; pixel += 1)
      weights[pixel * to.c + i] = (channel.weights[pixel] ?? 0) - channel.zero;
  const sums = new Int32Array(to.c);

  const addPixel = (input: Uint8Array, at: number, weight: number): void => {
    for (let i = 0; i < sums.length; i += 1) {
      const value = (input[at + (source[i] as number)] as number) - zeroIn;
      sums[i] = (sums[i] as number) + value * (weights[weight + i] as number);
    }
  };
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(byteLength);
    let at = 0;
    for (let n = 0; n < to.n; n += 1)
      for (let y = 0; y < to.h; y += 1)
        for (let x = 0; x < to.w; x += 1, at += pixelOut) {
          sums.set(bias);
          for (let ky = 0; ky < kh; ky += 1) {
            const row = y * sh - top + ky * dh;
            if (row < 0 || row >= from.h) continue;
            for (let kx = 0; kx < kw; kx += 1) {
              const column = x * sw - left + kx * dw;
              if (column < 0 || column >= from.w) continue;
              addPixel(input, ((n * from.h + row) * from.w + column) * pixelIn, (ky * kw + kx) * to.c);
            }
          }
          for (let i = 0; i < to.c; i += 1) output[at + i] = requant(sums[i] as number, scales[i] as number, zeroOut);
        }
    return output;
  };
};
