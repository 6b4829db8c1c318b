/** Operators that make one element of each row. */
import { elementSize } from "../../layout.ts";
import { DType } from "../../model.ts";
import { IntegerOpcode, SumKind } from "../program.ts";
import { magnitude, scaled, square } from "./bounds.ts";
import { type IntegerReader, NUMBERS, WIDE } from "./IntegerReader.ts";
import type { IntegerTensor, Whole } from "./IntegerTensor.ts";

/** Elements, and bytes, of a row that fits a transaction. */
const MAX_SUMMANDS = 16_384;
const MAX_ROW_BYTES = 65_536;
/** Doubles hold every whole number up to it. */
const EXACT_SUM = 2n ** 53n;

/** The shape with the last axis reduced. */
function reducedShape(node: IntegerReader, { shape }: IntegerTensor): readonly number[] {
  const reduced = node.int("keepdims", 1) === 1 ? shape.with(-1, 1) : shape.slice(0, -1);
  if (reduced.length === 0) node.stop("keepdims", "of 0 makes a tensor of rank 0");
  return reduced;
}

/** Stops at other axes than the last. They are an input from `since` on, and an attribute before. */
function expectLastAxis(node: IntegerReader, rank: number, since: number): void {
  const axes = node.opset >= since ? (node.hasInput("axes") ? node.longs("axes") : undefined) : node.ints("axes");
  const [only, ...others] = axes ?? [];
  if (others.length > 0 || (only !== rank - 1 && only !== -1))
    node.stop("axes", `are ${axes === undefined ? "all" : `[${axes.join(", ")}]`}, not the last alone`);
}

const reduction =
  (kind: SumKind, since: number) =>
  (node: IntegerReader): readonly IntegerTensor[] => {
    node.expectInt("keepdims", 1, [0, 1]);
    node.expectInt("noop_with_empty_axes", 0, [0]);
    if (node.opset >= since && node.has("axes"))
      node.stop("axes", `are an attribute, but from opset ${since} on an input`);
    if (node.opset < since && node.hasInput("axes"))
      node.stop("axes", `are an input, but before opset ${since} an attribute`);
    const x = node.rows("data", WIDE);
    expectLastAxis(node, x.shape.length, since);
    const length = x.shape.at(-1) ?? 1;
    const most = Math.min(MAX_SUMMANDS, MAX_ROW_BYTES / elementSize(x.dtype));
    if (length > most) node.stop("data", `has rows of ${length}, longer than ${most}`);
    const each = kind === SumKind.Squares ? square(x.bounds) : x.bounds;
    const bounds = scaled(each, length);
    node.expectFit(bounds, x.dtype);
    // A part of the sum may be larger than the whole.
    const largest = scaled(magnitude(each), length);
    if (largest.high > EXACT_SUM)
      node.stop("", `can reach ${largest.high} on its way, beyond 2^53: ONNX Runtime 1.30.0 adds up int64 in doubles`);
    const origin: Whole = { kind: "whole", opcode: IntegerOpcode.Sum, operands: [x], attrs: [kind] };
    return [node.made({ dtype: x.dtype, shape: reducedShape(node, x), bounds, origin })];
  };

export const reduceSum = reduction(SumKind.Values, 13);
export const reduceSumSquare = reduction(SumKind.Squares, 18);

/** The place of the largest in the last axis, the first if there are several. */
export function argMax(node: IntegerReader): readonly IntegerTensor[] {
  node.expectInt("keepdims", 1, [0, 1]);
  node.expectInt("select_last_index", 0, [0]);
  const x = node.rows("data", NUMBERS);
  const rank = x.shape.length;
  if (node.axis("axis", 0, rank) !== rank - 1) node.stop("axis", `is ${node.int("axis", 0)}, not the last`);
  const bounds = { low: 0n, high: BigInt((x.shape.at(-1) ?? 1) - 1) };
  const origin: Whole = { kind: "whole", opcode: IntegerOpcode.ArgMax, operands: [x], attrs: [] };
  return [node.made({ dtype: DType.Int64, shape: reducedShape(node, x), bounds, origin })];
}
