/** MAXPOOL and GAP: what becomes of several positions of one channel. */
import { floatOf, requant } from "../arithmetic.ts";
import { placementOf, toWords } from "../layout.ts";
import { attrsOf, imageOf, type KernelMaker, nth } from "./kernel.ts";

/** The largest of each window. */
export const maxPool: KernelMaker = (program) => {
  const { step } = program;
  const [kh = 1, kw = 1, sh = 1, sw = 1, dh = 1, dw = 1, top = 0, left = 0] = attrsOf(program);
  const from = imageOf(nth(step.inputs, 0));
  const to = imageOf(step);
  const { byteLength } = placementOf(step);
  const pixel = toWords(from.c);
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(byteLength);
    let at = 0;
    for (let n = 0; n < from.n; n += 1)
      for (let y = 0; y < to.h; y += 1)
        for (let x = 0; x < to.w; x += 1, at += pixel)
          for (let ky = 0; ky < kh; ky += 1) {
            const row = y * sh - top + ky * dh;
            if (row < 0 || row >= from.h) continue;
            for (let kx = 0; kx < kw; kx += 1) {
              const column = x * sw - left + kx * dw;
              if (column < 0 || column >= from.w) continue;
              const byte = ((n * from.h + row) * from.w + column) * pixel;
              for (let c = 0; c < from.c; c += 1) {
                const value = input[byte + c] as number;
                if (value > (output[at + c] as number)) output[at + c] = value;
              }
            }
          }
    return output;
  };
};

/** The mean of each channel. */
export const globalAverage: KernelMaker = (program) => {
  const { step } = program;
  const [scaleBits = 0, zeroIn = 0, zeroOut = 0] = attrsOf(program);
  const scale = floatOf(scaleBits);
  const { n: images, c: channels, h, w } = imageOf(nth(step.inputs, 0));
  const { byteLength } = placementOf(step);
  const pixel = toWords(channels);
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(byteLength);
    const sums = new Int32Array(channels);
    for (let n = 0; n < images; n += 1) {
      sums.fill(-zeroIn * h * w);
      for (let i = 0; i < h * w; i += 1)
        for (let c = 0; c < channels; c += 1)
          sums[c] = (sums[c] as number) + (input[(n * h * w + i) * pixel + c] as number);
      for (let c = 0; c < channels; c += 1) output[n * pixel + c] = requant(sums[c] as number, scale, zeroOut);
    }
    return output;
  };
};
