/** The shapes that views give a tensor, and the order of axes that a transposition gives it. */
import { sizeOf } from "../layout.ts";
import { list, type NodeReader } from "./NodeReader.ts";

/** The shape that a node gives a tensor whose elements keep their order. */
export type ViewShape = (node: NodeReader<unknown>, from: readonly number[]) => readonly number[];

export const reshaped: ViewShape = (node, from) => {
  const target = node.longs("shape");
  node.expectInt("allowzero", 0, [0, 1]);
  const copies = node.int("allowzero", 0) === 0;
  const copied = target.map((size, i) => (size === 0 && copies ? (from[i] ?? 0) : size));
  const known = sizeOf(copied.filter((size) => size !== -1));
  const to = copied.map((size) => (size === -1 ? sizeOf(from) / known : size));
  const free = copied.length - copied.filter((size) => size !== -1).length;
  if (free > 1 || to.some((size) => !Number.isInteger(size) || size < 1) || sizeOf(to) !== sizeOf(from))
    node.stop("shape", `is ${list(target)}, which ${list(from)} cannot become`);
  return to;
};

export const flattened: ViewShape = (node, from) => {
  const axis = node.axis("axis", 1, from.length, from.length);
  return [sizeOf(from.slice(0, axis)), sizeOf(from.slice(axis))];
};

/** The axes of Squeeze and Unsqueeze: an attribute before opset 13, an input since. Ascending, from 0, each once. */
function axesOf(node: NodeReader<unknown>, rank: number): readonly number[] | undefined {
  const isInput = node.opset >= 13;
  if (isInput && node.has("axes")) node.stop("axes", "are an attribute, but from opset 13 on they are an input");
  if (!isInput && node.inputCount > 1) node.stop("axes", "are an input, but before opset 13 they are an attribute");
  const isGiven = isInput ? node.inputCount > 1 : node.has("axes");
  if (!isGiven) return undefined;
  const given = isInput ? node.longs("axes") : (node.ints("axes") ?? []);
  const axes = given.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  const wrong = axes.some((axis, i) => axis < 0 || axis >= rank || axis === axes[i - 1]);
  return wrong ? node.stop("axes", `are ${list(given)}, not different axes of a tensor of rank ${rank}`) : axes;
}

export const squeezed: ViewShape = (node, from) => {
  const axes = axesOf(node, from.length) ?? [...from.keys()].filter((axis) => from[axis] === 1);
  if (axes.some((axis) => from[axis] !== 1)) node.stop("axes", `are ${list(axes)}, not all of size 1 in ${list(from)}`);
  return from.filter((_, axis) => !axes.includes(axis));
};

export const unsqueezed: ViewShape = (node, from) => {
  const count = node.opset >= 13 ? node.longs("axes").length : node.ints("axes")?.length;
  const axes = axesOf(node, from.length + (count ?? 0)) ?? node.stop("axes", "are missing");
  return axes.reduce<readonly number[]>((shape, axis) => shape.toSpliced(axis, 0, 1), from);
};

/** The axis of a tensor that becomes each axis of its transposition. */
export const permutationOf = (node: NodeReader<unknown>, shape: readonly number[]): readonly number[] => {
  const axes = [...shape.keys()];
  const permutation = node.ints("perm") ?? axes.toReversed();
  if (permutation.length !== axes.length || axes.some((axis) => !permutation.includes(axis)))
    node.stop("perm", `is ${list(permutation)}, no order of the axes of ${list(shape)}`);
  return permutation;
};
