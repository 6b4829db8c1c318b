/** Operators that choose elements by index. */
import type { Constant } from "../../compile/constant.ts";
import { list } from "../../compile/NodeReader.ts";
import { rowMajor, sizeOf } from "../../layout.ts";
import { IntegerOpcode, MapOp } from "../program.ts";
import { type Bounds, spanOf } from "./bounds.ts";
import { boundsOf, numbersOf } from "./constants.ts";
import { digitsOf } from "./digits.ts";
import { IndexMap } from "./IndexMap.ts";
import { type IntegerReader, NUMBERS, WIDE } from "./IntegerReader.ts";
import type { IntegerTensor } from "./IntegerTensor.ts";

/** From a table, rows of a constant, or elements of a tensor at places that do not depend on its values. */
export function gather(node: IntegerReader): readonly IntegerTensor[] {
  if (!node.isConstant("data")) return [gatherAlong(node)];
  const table = node.constant("data", NUMBERS);
  const [count = 0] = table.shape;
  if (table.shape.length < 1) node.stop("data", "has the shape [], which holds no rows");
  if (node.axis("axis", 0, table.shape.length) !== 0)
    node.stop("axis", `is ${node.int("axis", 0)}; from a constant, rows are taken along axis 0`);
  const index = node.tensor("indices", WIDE);
  node.expectIndex("indices", index, count);
  return [table.shape.length === 1 ? lookUp(node, table, index) : rowsOf(node, table, node.inRows(index))];
}

function lookUp(node: IntegerReader, table: Constant, index: IntegerTensor): IntegerTensor {
  return node.elements({ op: MapOp.Table, operands: [index], table }, table.dtype, reachable(table, index.bounds));
}

/** Entries of a table that are looked through for each index: of a larger one, all can be chosen. */
const MAX_SEARCHED = 4_096;

/** Bounds of the entries that an index can choose. */
function reachable(table: Constant, { low, high }: Bounds): Bounds {
  if (sizeOf(table.shape) > MAX_SEARCHED) return boundsOf(table);
  const entries = numbersOf(table).slice(Number(low), Number(high) + 1);
  return spanOf(Array.from(entries, BigInt));
}

function rowsOf(node: IntegerReader, table: Constant, index: IntegerTensor): IntegerTensor {
  const [, ...row] = table.shape;
  return node.made({
    dtype: table.dtype,
    shape: [...index.shape, ...row],
    bounds: node.constantTensor("data", table).bounds,
    origin: { kind: "whole", opcode: IntegerOpcode.Rows, operands: [index], attrs: [], constant: table },
  });
}

/** A copy, where a map of digits can say which elements a constant index chooses. */
function gatherAlong(node: IntegerReader): IntegerTensor {
  const x = node.tensor("data", NUMBERS);
  const axis = node.axis("axis", 0, x.shape.length);
  const index = node.constant("indices", WIDE);
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  node.expectIndex("indices", { bounds: boundsOf(index) }, x.shape[axis] ?? 0);
  const along =
    digitsOf(index) ?? node.stop("indices", "are no even runs, and no runs of runs: a copy has only strides");
  const strides = rowMajor(x.shape);
  const stride = strides[axis] ?? 1;
  const whole = (sizes: readonly number[], from: number) =>
    sizes.map((size, i) => ({ size, stride: strides[from + i] ?? 0 }));
  const digits = [
    ...whole(before, 0),
    ...along.digits.map((digit) => ({ size: digit.size, stride: digit.stride * stride })),
    ...whole(after, axis + 1),
  ];
  return node.copy(x, new IndexMap(along.base * stride, digits), [...before, ...index.shape, ...after]);
}

/** Elements of each row by index. */
export function gatherElements(node: IntegerReader): readonly IntegerTensor[] {
  const x = node.rows("data", NUMBERS);
  const index = node.rows("indices", WIDE);
  const last = x.shape.length - 1;
  if (node.axis("axis", 0, x.shape.length) !== last) node.stop("axis", `is ${node.int("axis", 0)}, not the last`);
  if (index.shape.slice(0, -1).join() !== x.shape.slice(0, -1).join() || index.shape.length !== x.shape.length)
    node.stop(
      "indices",
      `have the shape ${list(index.shape)}, which differs from ${list(x.shape)} before the last axis`,
    );
  node.expectIndex("indices", index, x.shape[last] ?? 0);
  const { shape } = index;
  const origin = { kind: "whole", opcode: IntegerOpcode.Take, operands: [x, index], attrs: [] } as const;
  return [node.made({ dtype: x.dtype, shape, bounds: x.bounds, origin })];
}
