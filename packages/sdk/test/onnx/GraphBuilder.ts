import {
  AttributeType,
  type AttributeMessage,
  DType,
  type Model,
  type NodeMessage,
  type TensorMessage,
  type ValueMessage,
  writeModel,
} from "../../src/onnx/index.ts";

/** An attribute as tests write it: integers, `{ float }`, a text. */
type Attribute = number | readonly number[] | string | { readonly float: number } | { readonly tensor: TensorMessage };

/** What a node is besides its inputs. */
export interface NodeOptions {
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

const MICROSOFT = ["QGemm", "QLinearAdd", "QLinearGlobalAveragePool", "QLinearSigmoid", "QLinearLeakyRelu"];

/** Writes ONNX files for tests. What it adds has names of its own, so that tests need none. */
export class GraphBuilder {
  private readonly initializer: TensorMessage[] = [];
  private readonly nodes: NodeMessage[] = [];
  private readonly inputs: ValueMessage[] = [];
  private readonly outputs: ValueMessage[] = [];
  private readonly opset: number;

  constructor(opset = 13) {
    this.opset = opset;
  }

  input(name: string, shape: readonly number[], dtype: number = DType.Uint8): string {
    this.inputs.push(valueOf(name, shape, dtype));
    return name;
  }

  output(name: string, shape: readonly number[], dtype: number = DType.Uint8): this {
    this.outputs.push(valueOf(name, shape, dtype));
    return this;
  }

  /** Adds an initialiser. */
  tensor(dtype: number, dims: readonly number[], bytes: Uint8Array, name = `c${this.initializer.length}`): string {
    this.initializer.push(tensorOf(name, dtype, dims, bytes));
    return name;
  }

  float(values: number | readonly number[]): string {
    return this.tensor(DType.Float, shapeOf(values), new Uint8Array(Float32Array.from([values].flat()).buffer));
  }

  uint8(values: number | readonly number[], shape = shapeOf(values)): string {
    return this.tensor(DType.Uint8, shape, Uint8Array.from([values].flat()));
  }

  int8(values: number | readonly number[], shape = shapeOf(values)): string {
    return this.tensor(DType.Int8, shape, new Uint8Array(Int8Array.from([values].flat()).buffer));
  }

  int32(values: readonly number[]): string {
    return this.tensor(DType.Int32, [values.length], new Uint8Array(Int32Array.from(values).buffer));
  }

  int64(values: readonly number[]): string {
    return this.tensor(DType.Int64, [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  /** Adds a node and gives the name of its output. */
  node(opType: string, input: readonly string[], options: NodeOptions = {}): string {
    const output = `t${this.nodes.length}`;
    const isMicrosoft = MICROSOFT.includes(opType) || opType === "QLinearConcat";
    this.nodes.push({
      input,
      output: [output],
      name: options.name ?? `${opType}${this.nodes.length}`,
      opType,
      attribute: Object.entries(options.attributes ?? {}).map(([name, value]) => attributeOf(name, value)),
      domain: options.domain ?? (isMicrosoft ? "com.microsoft" : ""),
      rest: [],
    });
    return output;
  }

  model(): Model {
    return {
      irVersion: 8,
      graph: {
        node: this.nodes,
        name: "test",
        initializer: this.initializer,
        input: this.inputs,
        output: this.outputs,
        rest: [],
      },
      opsetImport: [
        { domain: "", version: this.opset, rest: [] },
        { domain: "com.microsoft", version: 1, rest: [] },
      ],
      rest: [],
    };
  }

  bytes(): Uint8Array {
    return writeModel(this.model());
  }
}

const shapeOf = (values: number | readonly number[]): readonly number[] =>
  typeof values === "number" ? [] : [values.length];

/** A tensor with its values as raw bytes. */
export function tensorOf(name: string, dataType: number, dims: readonly number[], rawData: Uint8Array): TensorMessage {
  const absent = { floatData: undefined, int32Data: undefined, int64Data: undefined, dataLocation: undefined };
  return { dims, dataType, ...absent, name, rawData, rest: [] };
}

/** An input or output of a graph. */
export function valueOf(name: string, shape: readonly number[], elemType: number): ValueMessage {
  const dim = shape.map((value) => ({ value, param: undefined, rest: [] }));
  return { name, type: { tensorType: { elemType, shape: { dim, rest: [] }, rest: [] }, rest: [] }, rest: [] };
}

/** An attribute of the type that its value has. */
export function attributeOf(name: string, value: Attribute): AttributeMessage {
  const none = { f: undefined, i: undefined, s: undefined, t: undefined, floats: undefined, ints: [], rest: [] };
  if (typeof value === "number") return { ...none, name, i: value, type: AttributeType.Int };
  if (typeof value === "string")
    return { ...none, name, s: new TextEncoder().encode(value), type: AttributeType.String };
  if ("float" in value) return { ...none, name, f: value.float, type: AttributeType.Float };
  if ("tensor" in value) return { ...none, name, t: value.tensor, type: AttributeType.Tensor };
  return { ...none, name, ints: value, type: AttributeType.Ints };
}

/** Scale and zero point of a tensor. */
export const quantised = (builder: GraphBuilder, scale: number, zero: number): readonly [string, string] => [
  builder.float(scale),
  builder.uint8(zero),
];
