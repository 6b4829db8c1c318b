/** Operators that only move bytes, or read them out. */
import { DType } from "../model.ts";
import { Layout, Opcode } from "../program.ts";
import { bitsOf } from "../arithmetic.ts";
import { type Made, attrsOf, inner } from "./made.ts";
import type { QuantisedReader } from "./QuantisedReader.ts";
import { flattened, permutationOf, reshaped, squeezed, unsqueezed, type ViewShape } from "./shapes.ts";

const MAX_ARGMAX = 4_096;
/** In an image each element of a row is in a word of its own, and whoever judges the row opens them all. */
const MAX_IMAGE_ARGMAX = 256;

/** The same bytes in the same order, in another shape. */
function view(node: QuantisedReader, input: string, shape: ViewShape): Made {
  const x = node.tensor(input);
  const to = shape(node, x.shape);
  if (to.length === 0) node.stop("", "makes a tensor of rank 0");
  return { opcode: Opcode.Move, ...inner(to), inputs: [x], attrs: [] };
}

export const identity = (node: QuantisedReader): Made => view(node, "input", (_, from) => from);
export const reshape = (node: QuantisedReader): Made => view(node, "data", reshaped);
export const flatten = (node: QuantisedReader): Made => view(node, "input", flattened);
export const squeeze = (node: QuantisedReader): Made => view(node, "data", squeezed);
export const unsqueeze = (node: QuantisedReader): Made => view(node, "data", unsqueezed);

export function transpose(node: QuantisedReader): Made {
  const x = node.tensor("data");
  const permutation = permutationOf(node, x.shape);
  const shape = permutation.map((axis) => x.shape[axis] ?? 0);
  return { opcode: Opcode.Move, ...inner(shape), inputs: [x], attrs: attrsOf(...permutation) };
}

/** The place of the largest in the last axis, the first if there are several. */
export function argMax(node: QuantisedReader): Made {
  node.expectInt("keepdims", 1, [0, 1]);
  node.expectInt("select_last_index", 0, [0]);
  const x = node.tensor("data");
  const last = x.shape.length - 1;
  const length = x.shape[last] ?? 0;
  if (node.axis("axis", 0, x.shape.length) !== last) node.refuse("axis", `is ${node.int("axis", 0)}, not the last`);
  const most = x.shape.length === 4 ? MAX_IMAGE_ARGMAX : MAX_ARGMAX;
  if (length > most) node.refuse("data", `has a last axis of ${length}, longer than ${most}`);
  const shape = node.int("keepdims", 1) === 1 ? x.shape.with(last, 1) : x.shape.slice(0, last);
  if (shape.length === 0) node.stop("keepdims", "of 0 makes a tensor of rank 0");
  return { opcode: Opcode.ArgMax, layout: Layout.Packed, dtype: DType.Int64, shape, inputs: [x], attrs: [] };
}

export function quantizeLinear(node: QuantisedReader): Made {
  node.expectInt("saturate", 1, [1]);
  node.expectInt("block_size", 0, [0]);
  node.expectInt("output_dtype", 0, [0, DType.Uint8]);
  const [scale, zero] = [node.scale("y_scale"), node.optionalZero("y_zero_point")];
  const x = node.graphInput("x");
  return { opcode: Opcode.Quant, ...inner(x.shape), inputs: [x], attrs: attrsOf(bitsOf(scale), zero) };
}

export function dequantizeLinear(node: QuantisedReader): Made {
  node.expectInt("block_size", 0, [0]);
  const [scale, zero] = [node.scale("x_scale"), node.optionalZero("x_zero_point")];
  const x = node.tensor("x");
  const attrs = attrsOf(bitsOf(scale), zero);
  return { opcode: Opcode.Dequant, layout: Layout.Packed, dtype: DType.Float, shape: x.shape, inputs: [x], attrs };
}
