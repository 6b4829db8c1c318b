import { DType } from "@opg-protocol/sdk/onnx";

import type { LlamaConfig } from "../src/model/exportLm/config.ts";
import { GraphWriter, type Value } from "../src/model/exportLm/graph/GraphWriter.ts";
import type { Matrix } from "../src/model/exportLm/Llama.ts";

/** Operators of floats, as functions of tensors. */
export class FloatGraph extends GraphWriter {
  floats(values: Float32Array, shape: readonly number[]): Value {
    return this.constant(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), shape, DType.Float);
  }

  /** A tensor of floats that an operator without attributes makes of others. */
  of(opType: string, ...inputs: readonly Value[]): Value {
    return this.node(opType, inputs, DType.Float);
  }

  /** Every element times a number. */
  scaled(x: Value, factor: number): Value {
    return this.of("Mul", x, this.floats(Float32Array.of(factor), []));
  }

  /** Rows times a matrix. */
  times(x: Value, { inputs, outputs, values }: Matrix): Value {
    const columns = Float32Array.from(values, (_, i) => values[(i % outputs) * inputs + Math.floor(i / outputs)] ?? 0);
    return this.of("MatMul", x, this.floats(columns, [inputs, outputs]));
  }

  /** Each row divided by the root of its mean square, times gains. */
  normalised(x: Value, gain: Float32Array, { epsilon }: LlamaConfig): Value {
    const mean = this.node("ReduceMean", [this.of("Mul", x, x)], DType.Float, { axes: [-1], keepdims: 1 });
    const root = this.of("Sqrt", this.of("Add", mean, this.floats(Float32Array.of(epsilon), [])));
    return this.of("Mul", this.of("Div", x, root), this.floats(gain, [gain.length]));
  }

  softmax(x: Value): Value {
    return this.node("Softmax", [x], DType.Float, { axis: -1 });
  }

  concat(first: Value, second: Value, axis: number): Value {
    return this.node("Concat", [first, second], DType.Float, { axis });
  }

  reshape(x: Value, shape: readonly number[]): Value {
    return this.of("Reshape", x, this.list(shape));
  }

  transpose(x: Value, order: readonly number[]): Value {
    return this.node("Transpose", [x], DType.Float, { perm: order });
  }

  /** Columns from `start` up to, and without, `end` of the last axis. */
  columns(x: Value, start: number, end: number): Value {
    return this.of("Slice", x, this.list([start]), this.list([end]), this.list([-1]));
  }

  rows(table: Matrix, indices: Value): Value {
    return this.node("Gather", [this.floats(table.values, [table.outputs, table.inputs]), indices], DType.Float, {
      axis: 0,
    });
  }

  /** Bytes [rows] as places in a table. */
  places(bytes: Value): Value {
    return this.node("Cast", [bytes], DType.Int32, { to: DType.Int32 });
  }

  /** Where each row has its maximum, as bytes [rows]. */
  likeliest(logits: Value): Value {
    const at = this.node("ArgMax", [logits], DType.Int64, { axis: -1, keepdims: 0 });
    return this.node("Cast", [at], DType.Uint8, { to: DType.Uint8 });
  }
}
