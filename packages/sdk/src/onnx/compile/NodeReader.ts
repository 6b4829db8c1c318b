import { AttributeType, type AttributeMessage, DType, type NodeMessage } from "../model.ts";
import type { Refusal } from "../modelRefused.ts";
import { GRAPH_INPUT, type Ref } from "../program.ts";
import { type Constant, floatsOf, integersOf, sizeOf } from "./constant.ts";
import { isScale } from "./scales.ts";

/** What a name of the graph stands for. `unknown`: it was refused, so that nothing can be said about what reads it. */
export type Value =
  | { readonly kind: "tensor"; readonly ref: Ref }
  | { readonly kind: "constant"; readonly constant: Constant | string }
  | { readonly kind: "unknown" };

/** Ends the reading of a node. Whoever throws it has recorded why, or knows that an earlier node did. */
export class Stop extends Error {}

/** Attributes that an operator may have, by their types. */
export type AttributeTypes = Readonly<Record<string, keyof typeof AttributeType>>;

const list = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/**
 * Reads inputs and attributes of one node, and collects what is wrong with them. Reading goes on with a harmless value
 * where it can, so that one run finds as much as possible.
 */
export class NodeReader {
  readonly refusals: Refusal[] = [];
  readonly name: string;
  readonly opset: number;
  private readonly node: NodeMessage;
  private readonly inputNames: readonly string[];
  private readonly values: ReadonlyMap<string, Value>;
  private readonly attributes = new Map<string, AttributeMessage>();

  constructor(
    node: NodeMessage,
    opset: number,
    inputNames: readonly string[],
    types: AttributeTypes,
    values: ReadonlyMap<string, Value>,
  ) {
    this.node = node;
    this.name = nameOf(node);
    this.opset = opset;
    this.inputNames = inputNames;
    this.values = values;
    for (const attribute of node.attribute) this.keep(attribute, types);
  }

  private keep(attribute: AttributeMessage, types: AttributeTypes): void {
    const name = attribute.name ?? "";
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) this.refuse(name, "is no attribute that this operator may have");
    else if (attribute.type !== AttributeType[type])
      this.refuse(name, `has attribute type ${attribute.type ?? 0}, not ${AttributeType[type]} (${type})`);
    else if (this.attributes.has(name)) this.refuse(name, "comes twice");
    else this.attributes.set(name, attribute);
  }

  /** Records a reason and goes on. */
  refuse(attribute: string, reason: string): void {
    this.refusals.push({ node: this.name, operator: this.node.opType ?? "", attribute, reason });
  }

  /** Records a reason after which nothing more can be said. */
  stop(attribute: string, reason: string): never {
    this.refuse(attribute, reason);
    throw new Stop();
  }

  /** Whether the node has the attribute. */
  has(name: string): boolean {
    return this.attributes.has(name);
  }

  int(name: string, absent: number): number {
    const attribute = this.attributes.get(name);
    return attribute === undefined ? absent : (attribute.i ?? 0);
  }

  float(name: string, absent: number): number {
    const attribute = this.attributes.get(name);
    return attribute === undefined ? absent : (attribute.f ?? 0);
  }

  string(name: string, absent: string): string {
    const bytes = this.attributes.get(name)?.s;
    return bytes === undefined ? absent : new TextDecoder().decode(bytes.subarray(0, 64));
  }

  ints(name: string): readonly number[] | undefined {
    return this.attributes.get(name)?.ints;
  }

  /** `count` integers from `min` to 65,535; `absent` for each if the node does not have the attribute. */
  sizes(name: string, count: number, min: number, absent: number): readonly number[] {
    const given = this.ints(name) ?? Array<number>(count).fill(absent);
    if (given.length === count && given.every((size) => size >= min && size <= 65_535)) return given;
    return this.stop(name, `is ${list(given)}, not ${count} numbers from ${min} to 65535`);
  }

  /** Refuses an attribute that is there with another value. */
  expectInt(name: string, absent: number, allowed: readonly number[]): void {
    const given = this.int(name, absent);
    if (!allowed.includes(given)) this.refuse(name, `is ${given}, not ${allowed.join(" or ")}`);
  }

  /** The axis that an attribute names, from 0 to `end`; it may count from the end of a tensor of this rank. */
  axis(name: string, absent: number, rank: number, end = rank - 1): number {
    const given = this.int(name, absent);
    const axis = given < 0 ? given + rank : given;
    if (axis >= 0 && axis <= end) return axis;
    return this.stop(name, `is ${given}, beyond the ${rank} axes of the input`);
  }

  get inputCount(): number {
    return this.node.input.length;
  }

  private at(input: string): string {
    return this.node.input[this.inputNames.indexOf(input)] ?? "";
  }

  /** Whether an optional input is there. */
  hasInput(input: string): boolean {
    return this.at(input) !== "";
  }

  /** What an input reads. */
  value(input: string): Value {
    const name = this.at(input);
    if (name === "") return this.stop(input, "is missing");
    const value = this.values.get(name);
    if (value === undefined)
      return this.stop(input, `reads ${name}, which no input, initialiser or earlier node makes`);
    if (value.kind === "unknown") throw new Stop();
    return value;
  }

  /** Whether an input is a constant. */
  isConstant(input: string): boolean {
    return this.value(input).kind === "constant";
  }

  /** A `uint8` tensor that an earlier step makes. */
  tensor(input: string): Ref {
    const value = this.value(input);
    if (value.kind !== "tensor") return this.stop(input, "is a constant, not a tensor that an earlier node makes");
    const { ref } = value;
    if (ref.dtype !== DType.Uint8)
      return this.stop(input, `has element type ${ref.dtype}; tensors between nodes are uint8 (2)`);
    return ref;
  }

  /** A `float32` input of the graph. */
  graphInput(input: string): Ref {
    const value = this.value(input);
    if (value.kind !== "tensor" || value.ref.from < GRAPH_INPUT || value.ref.dtype !== DType.Float)
      return this.stop(input, "is no float32 input of the graph, and nothing else may be quantised");
    return value.ref;
  }

  /** A constant of one of these types. */
  constant(input: string, dtypes: readonly number[]): Constant {
    const value = this.value(input);
    if (value.kind !== "constant")
      return this.stop(input, "is no constant: it must be an initialiser or a Constant node");
    if (typeof value.constant === "string") return this.stop(input, value.constant);
    if (!dtypes.includes(value.constant.dtype))
      return this.stop(input, `has element type ${value.constant.dtype}, not ${dtypes.join(" or ")}`);
    return value.constant;
  }

  /** A constant that is one value, or one for each of `count` channels or columns. */
  private spread(input: string, dtypes: readonly number[], count: number): Constant | undefined {
    const constant = this.constant(input, dtypes);
    const { shape } = constant;
    if (shape.length <= 1 && [1, count].includes(sizeOf(shape))) return constant;
    this.refuse(input, `has the shape ${list(shape)}, not ${count === 1 ? "one value" : `one value or [${count}]`}`);
    return undefined;
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

/** What people call a node: its name, or that of its first output. */
export function nameOf(node: NodeMessage): string {
  return node.name !== undefined && node.name !== "" ? node.name : (node.output[0] ?? "");
}
