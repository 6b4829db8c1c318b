/** Operators that only move bytes, or read them out. */
import { DType } from "../model.ts";
import { Layout, Opcode } from "../program.ts";
import { longsOf, sizeOf } from "./constant.ts";
import { bitsOf } from "../arithmetic.ts";
import { type Made, attrsOf, inner } from "./made.ts";
import type { NodeReader } from "./NodeReader.ts";

const MAX_ARGMAX = 4_096;
const text = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** The same bytes in the same order, in another shape. */
function view(node: NodeReader, input: string, shape: (from: readonly number[]) => readonly number[]): Made {
  const x = node.tensor(input);
  const to = shape(x.shape);
  if (to.length === 0) node.stop("", "makes a tensor of rank 0");
  return { opcode: Opcode.Move, ...inner(to), inputs: [x], attrs: [] };
}

export const identity = (node: NodeReader): Made => view(node, "input", (from) => from);

export function reshape(node: NodeReader): Made {
  const target = longsOf(node.constant("shape", [DType.Int64]));
  node.expectInt("allowzero", 0, [0, 1]);
  const copies = node.int("allowzero", 0) === 0;
  return view(node, "data", (from) => {
    const copied = target.map((size, i) => (size === 0 && copies ? (from[i] ?? 0) : size));
    const known = copied.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
    const to = copied.map((size) => (size === -1 ? sizeOf(from) / known : size));
    const free = copied.length - copied.filter((size) => size !== -1).length;
    if (free > 1 || to.some((size) => !Number.isInteger(size) || size < 1) || sizeOf(to) !== sizeOf(from))
      node.stop("shape", `is ${text(target)}, which ${text(from)} cannot become`);
    return to;
  });
}

export const flatten = (node: NodeReader): Made =>
  view(node, "input", (from) => {
    const axis = node.axis("axis", 1, from.length, from.length);
    return [sizeOf(from.slice(0, axis)), sizeOf(from.slice(axis))];
  });

/** The axes of Squeeze and Unsqueeze: an attribute before opset 13, an input since. Ascending, from 0, each once. */
function axesOf(node: NodeReader, rank: number): readonly number[] | undefined {
  const isInput = node.opset >= 13;
  if (isInput && node.has("axes")) node.stop("axes", "are an attribute, but from opset 13 on they are an input");
  if (!isInput && node.hasInput("axes")) node.stop("axes", "are an input, but before opset 13 they are an attribute");
  const isGiven = isInput ? node.hasInput("axes") : node.has("axes");
  if (!isGiven) return undefined;
  const given = isInput ? longsOf(node.constant("axes", [DType.Int64])) : (node.ints("axes") ?? []);
  const axes = given.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  const wrong = axes.some((axis, i) => axis < 0 || axis >= rank || axis === axes[i - 1]);
  return wrong ? node.stop("axes", `are ${text(given)}, not different axes of a tensor of rank ${rank}`) : axes;
}

export const squeeze = (node: NodeReader): Made =>
  view(node, "data", (from) => {
    const axes = axesOf(node, from.length) ?? [...from.keys()].filter((axis) => from[axis] === 1);
    if (axes.some((axis) => from[axis] !== 1))
      node.stop("axes", `are ${text(axes)}, not all of size 1 in ${text(from)}`);
    return from.filter((_, axis) => !axes.includes(axis));
  });

export const unsqueeze = (node: NodeReader): Made =>
  view(node, "data", (from) => {
    const count = node.opset >= 13 ? longsOf(node.constant("axes", [DType.Int64])).length : node.ints("axes")?.length;
    const axes = axesOf(node, from.length + (count ?? 0)) ?? node.stop("axes", "are missing");
    return axes.reduce<readonly number[]>((shape, axis) => shape.toSpliced(axis, 0, 1), from);
  });

export function transpose(node: NodeReader): Made {
  const x = node.tensor("data");
  const axes = [...x.shape.keys()];
  const permutation = node.ints("perm") ?? axes.toReversed();
  if (permutation.length !== axes.length || axes.some((axis) => !permutation.includes(axis)))
    node.stop("perm", `is ${text(permutation)}, no order of the axes of ${text(x.shape)}`);
  const shape = permutation.map((axis) => x.shape[axis] ?? 0);
  return { opcode: Opcode.Move, ...inner(shape), inputs: [x], attrs: attrsOf(...permutation) };
}

/** The place of the largest in the last axis, the first if there are several. */
export function argMax(node: NodeReader): Made {
  node.expectInt("keepdims", 1, [0, 1]);
  node.expectInt("select_last_index", 0, [0]);
  const x = node.tensor("data");
  const last = x.shape.length - 1;
  const length = x.shape[last] ?? 0;
  if (node.axis("axis", 0, x.shape.length) !== last) node.refuse("axis", `is ${node.int("axis", 0)}, not the last`);
  if (length > MAX_ARGMAX) node.refuse("data", `has a last axis of ${length}, longer than ${MAX_ARGMAX}`);
  const shape = node.int("keepdims", 1) === 1 ? x.shape.with(last, 1) : x.shape.slice(0, last);
  if (shape.length === 0) node.stop("keepdims", "of 0 makes a tensor of rank 0");
  return { opcode: Opcode.ArgMax, layout: Layout.Packed, dtype: DType.Int64, shape, inputs: [x], attrs: [] };
}

export function quantizeLinear(node: NodeReader): Made {
  node.expectInt("saturate", 1, [1]);
  node.expectInt("block_size", 0, [0]);
  node.expectInt("output_dtype", 0, [0, DType.Uint8]);
  const [scale, zero] = [node.scale("y_scale"), node.optionalZero("y_zero_point")];
  const x = node.graphInput("x");
  return { opcode: Opcode.Quant, ...inner(x.shape), inputs: [x], attrs: attrsOf(bitsOf(scale), zero) };
}

export function dequantizeLinear(node: NodeReader): Made {
  node.expectInt("block_size", 0, [0]);
  const [scale, zero] = [node.scale("x_scale"), node.optionalZero("x_zero_point")];
  const x = node.tensor("x");
  const attrs = attrsOf(bitsOf(scale), zero);
  return { opcode: Opcode.Dequant, layout: Layout.Packed, dtype: DType.Float, shape: x.shape, inputs: [x], attrs };
}
