import { sizeOf } from "../layout.ts";
import { DType } from "../model.ts";
import { GRAPH_INPUT, type Ref } from "../program.ts";
import { type Constant, floatsOf, integersOf } from "./constant.ts";
import { NodeReader, list } from "./NodeReader.ts";
import { isScale } from "./scales.ts";

/** Reads a node of bytes, scales and zero points. */
export class QuantisedReader extends NodeReader<Ref> {
  /** A `uint8` tensor that an earlier step makes. */
  tensor(input: string): Ref {
    const value = this.value(input);
    if (value.kind !== "tensor") return this.stop(input, "is a constant, not a tensor that an earlier node makes");
    const { tensor: ref } = value;
    if (ref.dtype !== DType.Uint8)
      return this.stop(input, `has element type ${ref.dtype}; tensors between nodes are uint8 (2)`);
    return ref;
  }

  /** A `float32` input of the graph. */
  graphInput(input: string): Ref {
    const value = this.value(input);
    if (value.kind !== "tensor" || value.tensor.from < GRAPH_INPUT || value.tensor.dtype !== DType.Float)
      return this.stop(input, "is no float32 input of the graph, and nothing else may be quantised");
    return value.tensor;
  }

  /** A constant that is one value, or one for each of `count` channels or columns. */
  private spread(input: string, dtypes: readonly number[], count: number): Constant | undefined {
    const constant = this.constant(input, dtypes);
    const { shape } = constant;
    if (shape.length <= 1 && [1, count].includes(sizeOf(shape))) return constant;
    this.refuse(input, `has the shape ${list(shape)}, not ${count === 1 ? "one value" : `one value or [${count}]`}`);
    return undefined;
  }

  /** Refuses a constant with axes, where ONNX Runtime takes none. */
  expectRank0(input: string): void {
    const { shape } = this.constant(input, [DType.Float, DType.Uint8]);
    if (shape.length > 0) this.refuse(input, `has the shape ${list(shape)}, not []`);
  }

  /** Refuses constants of different shapes. */
  expectAlike(input: string, other: string, dtypes: readonly number[]): void {
    const [a, b] = [this.constant(input, dtypes).shape, this.constant(other, dtypes).shape];
    if (a.join() !== b.join()) this.refuse(input, `has the shape ${list(a)}, but ${other} ${list(b)}`);
  }

  /** Scales: one, or one for each of `count` channels or columns. */
  scales(input: string, count: number): readonly number[] {
    const constant = this.spread(input, [DType.Float], count);
    const values = constant === undefined ? [1] : floatsOf(constant);
    const wrong = values.find((value) => !isScale(value));
    if (wrong === undefined) return values;
    this.refuse(input, `is ${wrong}; a scale is a normal float32 in [2^-32, 2^8)`);
    return [1];
  }

  scale(input: string): number {
    return this.scales(input, 1)[0] ?? 1;
  }

  /** Zero points: one, or one for each of `count` channels or columns. */
  zeros(input: string, count: number, dtype: number): readonly number[] {
    const constant = this.spread(input, [dtype], count);
    return constant === undefined ? [0] : [...integersOf(constant)];
  }

  /** A `uint8` zero point. */
  zero(input: string): number {
    return this.zeros(input, 1, DType.Uint8)[0] ?? 0;
  }

  /** A `uint8` zero point that stands for 0 where it is left out. */
  optionalZero(input: string): number {
    return this.hasInput(input) ? this.zero(input) : 0;
  }

  /** What scales are combined to. */
  combined(attribute: string, value: number): number {
    if (!isScale(value)) this.refuse(attribute, `combines with the other scales to ${value}, outside of [2^-32, 2^8)`);
    return value;
  }
}
