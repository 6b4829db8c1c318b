import {
  AttributeType,
  type AttributeMessage,
  DType,
  type NodeMessage,
  type TensorMessage,
  type ValueMessage,
  writeModel,
} from "@opg-protocol/sdk/onnx";

/** ONNX's number for booleans. */
export const BOOL = 9;

const OPSET = 17;
const IR_VERSION = 8;

/** A tensor of the graph. */
export interface Value {
  readonly id: number;
  readonly dtype: number;
}

/** A tensor, or a number that is to be a constant of the other operand's type. */
export type Operand = Value | number | bigint;

/** Arrays that constants are made of. Booleans and bytes both are `Uint8Array`. */
export type Elements = Uint8Array | Int32Array | BigInt64Array;

/** A dimension: a number, or the name of one that is only known when the graph runs. */
export type Dimension = number | string;

interface Node {
  readonly opType: string;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

/** Writes ONNX files of integer operators. Equal scalars and equal arrays become one constant. */
export class GraphWriter {
  private readonly nodes: Node[] = [];
  private readonly inputs: ValueMessage[] = [];
  private readonly outputs: ValueMessage[] = [];
  private readonly initializer: TensorMessage[] = [];
  private readonly names: string[] = [];
  private readonly scalars = new Map<string, Value>();
  private readonly arrays = new Map<Elements, Map<string, Value>>();
  private prefix = "";

  /** What is added by `write` gets names that begin with `name`. */
  scope<T>(name: string, write: () => T): T {
    const outer = this.prefix;
    this.prefix = `${outer}${name}/`;
    const result = write();
    this.prefix = outer;
    return result;
  }

  input(name: string, dtype: number, shape: readonly Dimension[]): Value {
    this.inputs.push(valueMessage(name, dtype, shape));
    return this.value(name, dtype);
  }

  /** Makes a tensor an output of the graph. */
  output(name: string, value: Value, shape: readonly Dimension[]): void {
    this.rename(value, name);
    this.outputs.push(valueMessage(name, value.dtype, shape));
  }

  /** Gives a tensor a name by which others can find it. */
  rename({ id }: Value, name: string): void {
    this.names[id] = name;
  }

  /** A constant. The same array in the same shape is one, however often it is asked for. */
  constant(elements: Elements, shape: readonly number[], dtype: number = dtypeOf(elements)): Value {
    const known = this.arrays.get(elements) ?? new Map<string, Value>();
    this.arrays.set(elements, known);
    const key = `${dtype} ${shape.join()}`;
    const value = known.get(key) ?? this.initialise(elements, shape, dtype);
    known.set(key, value);
    return value;
  }

  /** A constant without dimensions. */
  scalar(number: number | bigint, dtype: number): Value {
    const key = `${dtype} ${number}`;
    const value = this.scalars.get(key) ?? this.initialise(elementsOf([number], dtype), [], dtype);
    this.scalars.set(key, value);
    return value;
  }

  /** A short list of int64, such as a shape. */
  list(numbers: readonly number[]): Value {
    const key = `list ${numbers.join()}`;
    const value =
      this.scalars.get(key) ?? this.initialise(elementsOf(numbers, DType.Int64), [numbers.length], DType.Int64);
    this.scalars.set(key, value);
    return value;
  }

  /** Adds a node. */
  node(opType: string, inputs: readonly Value[], dtype: number, attributes: Node["attributes"] = {}): Value {
    const output = this.value(`${this.prefix}${this.nodes.length}`, dtype);
    this.nodes.push({ opType, inputs, output, attributes });
    return output;
  }

  bytes(): Uint8Array {
    const node = this.nodes.map((each) => this.nodeMessage(each));
    const { initializer, inputs: input, outputs: output } = this;
    return writeModel({
      irVersion: IR_VERSION,
      graph: { node, name: "lm", initializer, input, output, rest: [] },
      opsetImport: [{ domain: "", version: OPSET, rest: [] }],
      rest: [],
    });
  }

  private value(name: string, dtype: number): Value {
    this.names.push(name);
    return { id: this.names.length - 1, dtype };
  }

  private initialise(elements: Elements, dims: readonly number[], dataType: number): Value {
    const name = `c${this.initializer.length}`;
    const rawData = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
    const absent = { floatData: undefined, int32Data: undefined, int64Data: undefined, dataLocation: undefined };
    this.initializer.push({ dims, dataType, ...absent, name, rawData, rest: [] });
    return this.value(name, dataType);
  }

  private nodeMessage({ opType, inputs, output, attributes }: Node): NodeMessage {
    const nameOf = ({ id }: Value) => this.names[id] ?? "";
    return {
      input: inputs.map(nameOf),
      output: [nameOf(output)],
      name: undefined, // its output names it
      opType,
      attribute: Object.entries(attributes).map(([name, value]) => attributeMessage(name, value)),
      domain: undefined,
      overload: undefined,
      rest: [],
    };
  }
}

function dtypeOf(elements: Elements): number {
  if (elements instanceof Uint8Array) return DType.Uint8;
  return elements instanceof Int32Array ? DType.Int32 : DType.Int64;
}

function elementsOf(numbers: readonly (number | bigint)[], dtype: number): Elements {
  if (dtype === DType.Int64) return BigInt64Array.from(numbers, BigInt);
  return dtype === DType.Int32 ? Int32Array.from(numbers, Number) : Uint8Array.from(numbers, Number);
}

function valueMessage(name: string, elemType: number, shape: readonly Dimension[]): ValueMessage {
  const dim = shape.map((size) =>
    typeof size === "number"
      ? { value: size, param: undefined, rest: [] }
      : { value: undefined, param: size, rest: [] },
  );
  return { name, type: { tensorType: { elemType, shape: { dim, rest: [] }, rest: [] }, rest: [] }, rest: [] };
}

function attributeMessage(name: string, value: number | readonly number[]): AttributeMessage {
  const absent = { i: undefined, f: undefined, s: undefined, t: undefined, floats: undefined, ints: [], rest: [] };
  if (typeof value === "number") return { ...absent, name, i: value, type: AttributeType.Int };
  return { ...absent, name, ints: value, type: AttributeType.Ints };
}
