/** MatMulInteger: sums of products of bytes. */
import type { Constant } from "../../compile/constant.ts";
import { MAX_CONSTANT_WORDS } from "../../compile/made.ts";
import { list } from "../../compile/NodeReader.ts";
import { WORD } from "../../../codecs/merkle.ts";
import { sizeOf, toWords } from "../../layout.ts";
import { DType } from "../../model.ts";
import { IntegerOpcode } from "../program.ts";
import { type Bounds, difference, product, scaled, union } from "./bounds.ts";
import { IndexMap } from "./IndexMap.ts";
import type { IntegerReader } from "./IntegerReader.ts";
import type { IntegerTensor, Whole } from "./IntegerTensor.ts";
import { broadcast, broadcastStrides } from "./broadcast.ts";

/** Products of bytes that add up to less than 2^31, and whose row fits a transaction. */
const MAX_PRODUCTS = 32_768;

const SATURATES =
  "has element type 3: uint8 by int8 saturates on processors with AVX2 and without VNNI; store it + 128 as uint8, zero point + 128";

/** A zero point: one for all. */
function zeroOf(node: IntegerReader, input: string): number {
  if (!node.hasInput(input)) return 0;
  const constant = node.constant(input, [DType.Uint8]);
  if (constant.shape.length > 1 || sizeOf(constant.shape) !== 1)
    node.stop(input, `has the shape ${list(constant.shape)}, not one value`);
  return constant.bytes[0] ?? 0;
}

/** A matrix of activations by one of constants, or by another of activations; or many such products. */
export function matMulInteger(node: IntegerReader): readonly IntegerTensor[] {
  for (const input of ["A", "B"]) if (node.dtypeOf(input) === DType.Int8) node.stop(input, SATURATES);
  const a = node.rows("A", [DType.Uint8]);
  const zeros = [zeroOf(node, "a_zero_point"), zeroOf(node, "b_zero_point")] as const;
  if (a.shape.length < 2) node.stop("A", `has rank ${a.shape.length}, not 2 at least`);
  const depth = a.shape.at(-1) ?? 0;
  if (depth > MAX_PRODUCTS) node.stop("A", `makes ${depth} products for each element, more than ${MAX_PRODUCTS}`);
  return [node.isConstant("B") ? byConstant(node, a, depth, zeros) : byTensor(node, a, depth, zeros)];
}

type Zeros = readonly [a: number, b: number];

const less = ({ bounds }: Pick<IntegerTensor, "bounds">, zero: number): Bounds =>
  difference(bounds, { low: BigInt(zero), high: BigInt(zero) });

function byConstant(node: IntegerReader, a: IntegerTensor, depth: number, zeros: Zeros): IntegerTensor {
  const weights = node.constant("B", [DType.Uint8]);
  const [rows = 0, columns = 0] = weights.shape;
  if (weights.shape.length !== 2) node.stop("B", `has rank ${weights.shape.length}, not 2 as a constant`);
  if (rows !== depth) node.stop("B", `has ${rows} rows, not ${depth}`);
  const words = (columns * toWords(rows)) / WORD;
  if (words > MAX_CONSTANT_WORDS) node.stop("B", `takes ${words} words, more than ${MAX_CONSTANT_WORDS}`);
  node.countColumnWords(words);
  const each = less(a, zeros[0]);
  const bounds = union(columnSums(weights, zeros[1]).map(({ positive, negative }) => reach(each, positive, negative)));
  const origin: Whole = {
    kind: "whole",
    opcode: IntegerOpcode.Dot,
    operands: [a],
    attrs: zeros,
    columns: columnsOf(weights),
  };
  return node.made({ dtype: DType.Int32, shape: a.shape.with(-1, columns), bounds, origin });
}

/** Bounds of a sum of products, if the weights' positive and negative sums are known. */
const reach = ({ low, high }: Bounds, positive: bigint, negative: bigint): Bounds => ({
  low: positive * low + negative * high,
  high: positive * high + negative * low,
});

interface ColumnSums {
  readonly positive: bigint;
  readonly negative: bigint;
}

/** Sums of what is positive, and of what is negative, in each column of weights less their zero point. */
function columnSums({ shape: [rows = 0, columns = 0], bytes }: Constant, zero: number): readonly ColumnSums[] {
  const [positive, negative] = [new Int32Array(columns), new Int32Array(columns)];
  for (let row = 0, at = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, at += 1) {
      const weight = (bytes[at] as number) - zero;
      const sums = weight > 0 ? positive : negative;
      sums[column] = (sums[column] as number) + weight;
    }
  return Array.from(positive, (sum, column) => ({ positive: BigInt(sum), negative: BigInt(negative[column] ?? 0) }));
}

/** Columns that were laid out already: nodes may share weights. */
const known = new WeakMap<Constant, Uint8Array>();

/** Column by column in whole words, the eight 4-byte groups of each in reverse order. */
function columnsOf(weights: Constant): Uint8Array {
  const found = known.get(weights);
  if (found !== undefined) return found;
  const [rows = 0, columns = 0] = weights.shape;
  const stride = toWords(rows);
  const laid = new Uint8Array(columns * stride);
  for (let row = 0, at = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, at += 1)
      laid[column * stride + (row ^ 28)] = weights.bytes[at] as number;
  known.set(weights, laid);
  return laid;
}

function byTensor(node: IntegerReader, a: IntegerTensor, depth: number, zeros: Zeros): IntegerTensor {
  const b = node.tensor("B", [DType.Uint8]);
  const rank = b.shape.length;
  const [rows = 0, columns = 0] = b.shape.slice(-2);
  if (rank < 2 || rows !== depth) node.stop("B", `has the shape ${list(b.shape)}, not ${depth} rows`);
  const [outer, own] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  if (broadcast([outer, own])?.join() !== outer.join())
    node.stop(
      "B",
      `has the shape ${list(b.shape)}, which does not broadcast to ${list(a.shape)} before the last two axes`,
    );
  const strides = broadcastStrides(b.shape, [...outer, rows, columns]);
  const digit = (size: number, axis: number) => ({ size, stride: strides.at(axis) ?? 0 });
  const digits = [...outer.map(digit), digit(columns, -1), digit(rows, -2)];
  const turned = node.inRows(node.copyBetween(b, new IndexMap(0, digits), [...outer, columns, rows]));
  const bounds = scaled(product(less(a, zeros[0]), less(b, zeros[1])), depth);
  const origin: Whole = { kind: "whole", opcode: IntegerOpcode.Dot, operands: [a, turned], attrs: zeros };
  return node.made({ dtype: DType.Int32, shape: a.shape.with(-1, columns), bounds, origin });
}
