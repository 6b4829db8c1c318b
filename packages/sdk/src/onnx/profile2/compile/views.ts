/** Operators that only move elements. */
import { list } from "../../compile/NodeReader.ts";
import { flattened, permutationOf, reshaped, squeezed, unsqueezed, type ViewShape } from "../../compile/shapes.ts";
import { rowMajor, sizeOf } from "../../layout.ts";
import { IntegerOpcode } from "../program.ts";
import { union } from "./bounds.ts";
import { IndexMap } from "./IndexMap.ts";
import { ANY, type IntegerReader } from "./IntegerReader.ts";
import type { IntegerTensor } from "./IntegerTensor.ts";
import type { IntegerOperator } from "./operators.ts";
import { broadcast, broadcastStrides } from "./broadcast.ts";

type Make = IntegerOperator["make"];

const view =
  (input: string, shape: ViewShape): Make =>
  (node) => {
    const x = node.tensor(input, ANY);
    return [node.copy(x, IndexMap.identity(sizeOf(x.shape)), shape(node, x.shape))];
  };

export const identity = view("input", (_, from) => from);
export const reshape = view("data", reshaped);
export const flatten = view("input", flattened);
export const squeeze = view("data", squeezed);
export const unsqueeze = view("data", unsqueezed);

export const transpose: Make = (node) => {
  const x = node.tensor("data", ANY);
  const strides = rowMajor(x.shape);
  const digits = permutationOf(node, x.shape).map((axis) => ({ size: x.shape[axis] ?? 1, stride: strides[axis] ?? 0 }));
  const shape = digits.map(({ size }) => size);
  return [node.copy(x, new IndexMap(0, digits), shape)];
};

/** Repeats a tensor along axes of size 1, and along axes that it does not have. */
export const expand: Make = (node) => {
  const x = node.tensor("input", ANY);
  const target = node.longs("shape");
  const shape = target.some((size) => size < 1) ? undefined : broadcast([x.shape, target]);
  if (shape === undefined)
    return node.stop("shape", `is ${list(target)}, to which ${list(x.shape)} does not broadcast`);
  const strides = broadcastStrides(x.shape, shape);
  const digits = shape.map((size, axis) => ({ size, stride: strides[axis] ?? 0 }));
  return [node.copy(x, new IndexMap(0, digits), shape)];
};

/** Which places along one axis are copied. */
interface Range {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function sliced(node: IntegerReader, x: IntegerTensor, ranges: readonly Range[], output = 0): IntegerTensor {
  const strides = rowMajor(x.shape);
  const whole = x.shape.map((count, axis): Range => ({ axis, start: 0, step: 1, count }));
  const all = whole.map((range) => ranges.find(({ axis }) => axis === range.axis) ?? range);
  const stride = (axis: number) => strides[axis] ?? 0;
  const base = all.reduce((sum, { axis, start }) => sum + start * stride(axis), 0);
  const digits = all.map(({ axis, step, count }) => ({ size: count, stride: step * stride(axis) }));
  return node.copy(
    x,
    new IndexMap(base, digits),
    all.map(({ count }) => count),
    output,
  );
}

/** What Slice takes along one axis, as ONNX reads ends that lie outside. */
function rangeAlong(axis: number, size: number, start: number, end: number, step: number): Range {
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const inside = (place: number, low: number) => Math.min(Math.max(place < 0 ? place + size : place, low), most);
  const [first, last] = [inside(start, 0), inside(end, least)];
  return { axis, start: first, step, count: Math.max(0, Math.ceil((last - first) / step)) };
}

export const slice: Make = (node) => {
  const x = node.tensor("data", ANY);
  const [starts, ends] = [node.longs("starts"), node.longs("ends")];
  const rank = x.shape.length;
  const given = node.hasInput("axes") ? node.longs("axes") : [...starts.keys()];
  const axes = given.map((axis) => (axis < 0 ? axis + rank : axis));
  const steps = node.hasInput("steps") ? node.longs("steps") : starts.map(() => 1);
  if (new Set([starts.length, ends.length, axes.length, steps.length]).size !== 1)
    node.stop("starts", "are not as many as ends, axes and steps");
  if (axes.some((axis, i) => axis < 0 || axis >= rank || axes.indexOf(axis) !== i))
    node.stop("axes", `are ${list(given)}, not different axes of a tensor of rank ${rank}`);
  if (steps.includes(0)) node.stop("steps", `are ${list(steps)}, one of them 0`);
  const ranges = axes.map((axis, i) =>
    rangeAlong(axis, x.shape[axis] ?? 0, starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1),
  );
  const empty = ranges.find(({ count }) => count === 0);
  if (empty !== undefined) node.stop("", `makes a tensor that holds nothing along axis ${empty.axis}`);
  return [sliced(node, x, ranges)];
};

/** Sizes of the parts of an axis, of equal size where the node does not say them. */
function partsOf(node: IntegerReader, size: number): readonly number[] {
  const count = node.outputs.length;
  const expected = node.int("num_outputs", count);
  if (expected !== count) node.stop("num_outputs", `is ${expected}, but the node has ${count} outputs`);
  if (node.has("num_outputs") && node.opset < 18) node.stop("num_outputs", "is no attribute before opset 18");
  if (node.hasInput("split")) {
    const parts = node.longs("split");
    if (parts.length !== count || parts.some((part) => part < 1) || parts.reduce((sum, part) => sum + part, 0) !== size)
      node.stop("split", `is ${list(parts)}, not ${count} parts of ${size}`);
    return parts;
  }
  if (size % count !== 0) node.stop("split", `is missing, and ${size} does not divide into ${count} equal parts`);
  return Array<number>(count).fill(size / count);
}

export const split: Make = (node) => {
  const x = node.tensor("input", ANY);
  const axis = node.axis("axis", 0, x.shape.length);
  let start = 0;
  return partsOf(node, x.shape[axis] ?? 0).map((count, output) => {
    const part = sliced(node, x, [{ axis, start, step: 1, count }], output);
    start += count;
    return part;
  });
};

/** Inputs of a concatenation. */
const MAX_JOINED = 16;
export const concatInputs = Array.from({ length: MAX_JOINED }, (_, i) => `inputs[${i}]`);

export const concat: Make = (node) => {
  const parts = concatInputs.slice(0, node.inputCount).map((input) => node.rows(input, ANY));
  const [first, ...others] = parts;
  if (first === undefined) return node.stop("", "has no input");
  if (others.length === 0) return [first];
  const { dtype, shape } = first;
  const axis = node.axis("axis", 0, shape.length);
  if (!node.has("axis")) node.stop("axis", "is missing");
  for (const part of others) {
    if (part.dtype !== dtype) node.stop("", `joins element types ${dtype} and ${part.dtype}`);
    if (part.shape.length !== shape.length || part.shape.some((size, i) => i !== axis && size !== shape[i]))
      node.stop("", `joins ${list(shape)} and ${list(part.shape)} along axis ${axis}`);
  }
  const length = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  const origin = { kind: "whole", opcode: IntegerOpcode.Join, operands: parts, attrs: [axis] } as const;
  const bounds = union(parts.map((part) => part.bounds));
  return [node.made({ dtype, shape: shape.with(axis, length), bounds, origin })];
};
