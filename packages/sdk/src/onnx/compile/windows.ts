/** MaxPool and QLinearGlobalAveragePool. */
import { Opcode } from "../program.ts";
import { bitsOf } from "../arithmetic.ts";
import { f } from "./scales.ts";
import { type Made, attrsOf, inner } from "./made.ts";
import type { QuantisedReader } from "./QuantisedReader.ts";
import { slidePads } from "./pads.ts";

const MAX_KERNEL = 7;
const MAX_AVERAGED = 196;

/** Whether every window along one axis holds at least one position of the image. */
function alwaysInside(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  pad: number,
  out: number,
): boolean {
  for (let window = 0; window < out; window++) {
    const start = window * stride - pad;
    const skipped = start < 0 ? Math.ceil(-start / dilation) : 0; // positions before the image
    if (skipped >= kernel || start + skipped * dilation >= size) return false;
  }
  return true;
}

/** The largest of a window. */
export function maxPool(node: QuantisedReader): Made {
  node.expectInt("storage_order", 0, [0]);
  node.expectInt("ceil_mode", 0, [0, 1]);
  if (node.ints("kernel_shape") === undefined) node.stop("kernel_shape", "is missing");
  const [kh = 1, kw = 1] = node.sizes("kernel_shape", 2, 1, 1);
  if (kh > MAX_KERNEL || kw > MAX_KERNEL)
    node.refuse("kernel_shape", `is [${kh}, ${kw}], larger than [${MAX_KERNEL}, ${MAX_KERNEL}]`);
  const x = node.tensor("X");
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  if (x.shape.length !== 4) node.stop("X", `has rank ${x.shape.length}, not 4`);
  const slide = slidePads(node, [h, w], [kh, kw], node.int("ceil_mode", 0) === 1);
  const { strides, dilations, pads, output, allPads } = slide;
  if (allPads.some((pad, i) => pad >= (i % 2 === 0 ? kh : kw)))
    node.refuse("pads", `are [${allPads.join(", ")}], not all smaller than the kernel [${kh}, ${kw}]`);
  const inside = [h, w].every((size, i) =>
    alwaysInside(size, [kh, kw][i] ?? 1, strides[i] ?? 1, dilations[i] ?? 1, pads[i] ?? 0, output[i] ?? 0),
  );
  if (!inside) node.refuse("pads", "leave a window without any position of the image");
  return {
    opcode: Opcode.MaxPool,
    ...inner([n, c, ...output]),
    inputs: [x],
    attrs: attrsOf(kh, kw, ...strides, ...dilations, ...pads),
  };
}

/** The mean of each channel. */
export function qLinearGlobalAveragePool(node: QuantisedReader): Made {
  node.expectInt("channels_last", 0, [0]);
  const [sx, sy] = [node.scale("x_scale"), node.scale("y_scale")];
  const [zx, zy] = [node.zero("x_zero_point"), node.zero("y_zero_point")];
  const x = node.tensor("X");
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  if (x.shape.length !== 4) node.stop("X", `has rank ${x.shape.length}, not 4`);
  if (h * w > MAX_AVERAGED) node.refuse("X", `has ${h * w} positions for each channel, more than ${MAX_AVERAGED}`);
  const combined = node.combined("y_scale", f(sx / f(sy * h * w)));
  return {
    opcode: Opcode.Gap,
    ...inner([n, c, 1, 1]),
    inputs: [x],
    attrs: attrsOf(bitsOf(combined), zx, zy),
  };
}
