/** CONV and DOT. */
import { placementOf, sizeOf, toWords } from "../layout.ts";
import { depthwise } from "./depthwise.ts";
import { attrsOf, imageOf, type KernelMaker, nth } from "./kernel.ts";
import { ProductSums } from "./ProductSums.ts";

/** A matrix of activations by a matrix of constants. */
export const dot: KernelMaker = (program) => {
  const { step, constants } = program;
  const [zeroIn = 0, zeroOut = 0] = attrsOf(program);
  const depth = nth(step.inputs, 0).shape.at(-1) ?? 0;
  const count = step.shape.at(-1) ?? 0;
  const rows = sizeOf(step.shape.slice(0, -1));
  const products = new ProductSums(constants, { count, group: 1, pixels: 1, depth, zeroOut });
  const [rowIn, rowOut] = [toWords(depth), toWords(count)];
  const { byteLength } = placementOf(step);

  const load = (patch: Int16Array, input: Uint8Array, row: number): void => {
    for (let i = 0, at = row * rowIn; i < depth; i += 1, at += 1) patch[i] = (input[at] as number) - zeroIn;
  };
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(byteLength);
    for (let row = 0; row < rows; row += 2) {
      const isPair = row + 1 < rows;
      load(products.first, input, row);
      if (isPair) load(products.second, input, row + 1);
      products.multiply(0, output, row * rowOut, isPair ? (row + 1) * rowOut : undefined);
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
  const [depth, perGroup] = [from.c / group, to.c / group];
  if (group > 1 && depth === 1) return depthwise(program);
  const products = new ProductSums(constants, { count: to.c, group, pixels: kh * kw, depth, zeroOut });
  const { byteLength } = placementOf(step);
  const [pixelIn, pixelOut] = [toWords(from.c), toWords(to.c)];
  const pixels = to.n * to.h * to.w;

  /** Loads what the kernel covers for one pixel of the output; what is outside of the image stands for zero. */
  const load = (patch: Int16Array, input: Uint8Array, pixel: number, channel: number): void => {
    const line = Math.floor(pixel / to.w);
    const n = Math.floor(line / to.h);
    const x = (pixel - line * to.w) * sw - left;
    const image = n * from.h * from.w * pixelIn + channel;
    let at = 0;
    for (let ky = 0, row = (line - n * to.h) * sh - top; ky < kh; ky += 1, row += dh) {
      const isInside = row >= 0 && row < from.h;
      for (let kx = 0, column = x; kx < kw; kx += 1, column += dw) {
        const end = at + depth;
        if (!isInside || column < 0 || column >= from.w) for (; at < end; at += 1) patch[at] = 0;
        else
          for (let byte = image + (row * from.w + column) * pixelIn; at < end; at += 1, byte += 1)
            patch[at] = (input[byte] as number) - zeroIn;
      }
    }
  };
  return ([input = new Uint8Array()]) => {
    const output = new Uint8Array(byteLength);
    for (let pixel = 0; pixel < pixels; pixel += 2) {
      const isPair = pixel + 1 < pixels;
      for (let g = 0; g < group; g += 1) {
        load(products.first, input, pixel, g * depth);
        if (isPair) load(products.second, input, pixel + 1, g * depth);
        const at = pixel * pixelOut + g * perGroup;
        products.multiply(g, output, at, isPair ? at + pixelOut : undefined);
      }
    }
    return output;
  };
};
