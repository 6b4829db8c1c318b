import { DType } from "@opg-protocol/sdk/onnx";

import { BOOL, GraphWriter, type Operand, type Value } from "./GraphWriter.ts";

/** Beyond every axis, as the ends of slices that run to its first or last element. */
const BEFORE_FIRST = -(2 ** 31);
const BEYOND_LAST = 2 ** 31 - 1;

/** The operators of the profile `onnx-int8/2`, as functions of tensors. Numbers are constants of the other operand's type. */
export class IntegerGraph extends GraphWriter {
  add(a: Value, b: Operand): Value {
    return this.node("Add", [a, this.like(a, b)], a.dtype);
  }

  sub(a: Operand, b: Value): Value {
    return this.node("Sub", [this.like(b, a), b], b.dtype);
  }

  mul(a: Value, b: Operand): Value {
    return this.node("Mul", [a, this.like(a, b)], a.dtype);
  }

  /** Towards zero. */
  div(a: Value, b: Operand): Value {
    return this.node("Div", [a, this.like(a, b)], a.dtype);
  }

  greater(a: Value, b: Operand): Value {
    return this.node("Greater", [a, this.like(a, b)], BOOL);
  }

  greaterOrEqual(a: Value, b: Operand): Value {
    return this.node("GreaterOrEqual", [a, this.like(a, b)], BOOL);
  }

  equal(a: Value, b: Operand): Value {
    return this.node("Equal", [a, this.like(a, b)], BOOL);
  }

  where(condition: Value, then: Value, otherwise: Operand): Value {
    return this.node("Where", [condition, then, this.like(then, otherwise)], then.dtype);
  }

  /** Wraps around where the type has fewer bits. */
  cast(x: Value, dtype: number): Value {
    return x.dtype === dtype ? x : this.node("Cast", [x], dtype, { to: dtype });
  }

  /** Of int32. (ONNX Runtime clips int64 wrongly on some processors.) */
  clip(x: Value, low: number, high: number): Value {
    return this.node("Clip", [x, this.scalar(low, x.dtype), this.scalar(high, x.dtype)], x.dtype);
  }

  /** Rows of a table, or its elements if it has one axis. */
  gather(table: Value, indices: Value): Value {
    return this.node("Gather", [table, indices], table.dtype, { axis: 0 });
  }

  /** One element of each row. */
  pick(x: Value, index: Value): Value {
    return this.node("GatherElements", [x, index], x.dtype, { axis: -1 });
  }

  /** Sums of rows, which keep their axis. */
  sum(x: Value): Value {
    return this.node("ReduceSum", [x, this.list([-1])], x.dtype, { keepdims: 1 });
  }

  /** Where each row has its first maximum; rows keep their axis. */
  argMax(x: Value): Value {
    return this.node("ArgMax", [x], DType.Int64, { axis: -1, keepdims: 1 });
  }

  /** Products of bytes less their zero points. */
  matMul(a: Value, b: Value, zeroA: number, zeroB: number): Value {
    const zeros = [this.scalar(zeroA, DType.Uint8), this.scalar(zeroB, DType.Uint8)];
    return this.node("MatMulInteger", [a, b, ...zeros], DType.Int32);
  }

  reshape(x: Value, shape: readonly number[]): Value {
    return this.node("Reshape", [x, this.list(shape)], x.dtype);
  }

  /** With its two axes swapped that begin at `axis`. */
  swapAxes(x: Value, axis: number, rank: number): Value {
    const order = Array.from({ length: rank }, (_, i) => (i === axis ? axis + 1 : i === axis + 1 ? axis : i));
    return this.node("Transpose", [x], x.dtype, { perm: order });
  }

  concat(parts: readonly [Value, ...Value[]], axis: number): Value {
    return this.node("Concat", parts, parts[0].dtype, { axis });
  }

  /** With the last element of an axis before all others. */
  rotated(x: Value, axis: number): Value {
    return this.concat([this.slice(x, axis, -1, BEYOND_LAST, 1), this.slice(x, axis, 0, -1, 1)], axis);
  }

  reversed(x: Value, axis: number): Value {
    return this.slice(x, axis, -1, BEFORE_FIRST, -1);
  }

  private slice(x: Value, axis: number, start: number, end: number, step: number): Value {
    const bounds = [start, end, axis, step].map((number) => this.list([number]));
    return this.node("Slice", [x, ...bounds], x.dtype);
  }

  private like({ dtype }: Value, operand: Operand): Value {
    return typeof operand === "object" ? operand : this.scalar(operand, dtype);
  }
}
