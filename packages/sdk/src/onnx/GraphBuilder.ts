import {
  AttributeType,
  type AttributeMessage,
  DType,
  type Model,
  type NodeMessage,
  type TensorMessage,
  type ValueMessage,
  writeModel,
} from "./model.ts";

/** An attribute as it is given: integers, `{ float }`, a text. */
type Attribute = number | readonly number[] | string | { readonly float: number } | { readonly tensor: TensorMessage };

/** What a node is besides its inputs. */
export interface NodeOptions {
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

const MICROSOFT = ["QGemm", "QLinearAdd", "QLinearGlobalAveragePool", "QLinearSigmoid", "QLinearLeakyRelu"];

/** Writes small ONNX files. What it adds has names of its own, so that nobody has to invent them. */
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
  tensor(dtype: number, dims: readonly number[], bytes: Uint8Array): string {
    return this.add(tensorOf(`c${this.initializer.length}`, dtype, dims, bytes));
  }

  /** Adds an initialiser as it is. */
  add(tensor: TensorMessage): string {
    this.initializer.push(tensor);
    return tensor.name ?? "";
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

  int32(values: number | readonly number[], shape = shapeOf(values)): string {
    return this.tensor(DType.Int32, shape, new Uint8Array(Int32Array.from([values].flat()).buffer));
  }

  int64(values: number | bigint | readonly (number | bigint)[], shape = shapeOf(values)): string {
    return this.tensor(DType.Int64, shape, new Uint8Array(BigInt64Array.from([values].flat(), BigInt).buffer));
  }

  bool(values: boolean | readonly boolean[], shape = shapeOf(values)): string {
    return this.tensor(DType.Bool, shape, Uint8Array.from([values].flat(), Number));
  }

  /** Adds a node and gives the name of its output. */
  node(opType: string, input: readonly string[], options: NodeOptions = {}): string {
    return this.split(opType, input, 1, options)[0] ?? "";
  }

  /** Adds a node with so many outputs and gives their names. */
  split(opType: string, input: readonly string[], count: number, options: NodeOptions = {}): readonly string[] {
    const first = `t${this.nodes.length}`;
    const output = Array.from({ length: count }, (_, i) => (i === 0 ? first : `${first}.${i}`));
    const isMicrosoft = MICROSOFT.includes(opType) || opType === "QLinearConcat";
    this.nodes.push({
      input,
      output,
      name: options.name ?? `${opType}${this.nodes.length}`,
      opType,
      attribute: Object.entries(options.attributes ?? {}).map(([name, value]) => attributeOf(name, value)),
      domain: options.domain ?? (isMicrosoft ? "com.microsoft" : ""),
      overload: undefined,
      rest: [],
    });
    return output;
  }

  model(): Model {
    const isForeign = this.nodes.some(({ domain }) => domain !== "");
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
        ...(isForeign ? [{ domain: "com.microsoft", version: 1, rest: [] }] : []),
      ],
      rest: [],
    };
  }

  bytes(): Uint8Array {
    return writeModel(this.model());
  }
}

const shapeOf = (values: unknown): readonly number[] => (Array.isArray(values) ? [values.length] : []);

/** A tensor with its values as raw bytes. */
export function tensorOf(name: string, dataType: number, dims: readonly number[], rawData?: Uint8Array): TensorMessage {
  const absent = { floatData: undefined, int32Data: undefined, int64Data: undefined, dataLocation: undefined };
  return { dims, dataType, ...absent, name, rawData, rest: [] };
}

/** An input or output of a graph. */
export function valueOf(name: string, shape: readonly number[], elemType: number): ValueMessage {
  const dim = shape.map((value) => ({ value, param: undefined, rest: [] }));
  return { name, type: { tensorType: { elemType, shape: { dim, rest: [] }, rest: [] }, rest: [] }, rest: [] };
}

/** An attribute of the type that its value has. */
function attributeOf(name: string, value: Attribute): AttributeMessage {
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
