import { sizeOf } from "../layout.ts";
import { AttributeType, type AttributeMessage, DType, type NodeMessage } from "../model.ts";
import type { Refusal } from "../modelRefused.ts";
import { type Constant, longsOf } from "./constant.ts";

/** What a name of the graph stands for. `unknown`: it was refused, so that nothing can be said about what reads it. */
export type Value<Tensor> =
  | { readonly kind: "tensor"; readonly tensor: Tensor }
  | { readonly kind: "constant"; readonly constant: Constant | string }
  | { readonly kind: "unknown" };

/** Ends the reading of a node. Whoever throws it has recorded why, or knows that an earlier node did. */
export class Stop extends Error {}

/** Attributes that an operator may have, by their types. */
export type AttributeTypes = Readonly<Record<string, keyof typeof AttributeType>>;

/** Values of a shape; more than any rank, so that a fitting reason is found further on. */
const MAX_LONGS = 64;

/** Numbers as a reason shows them. */
export const list = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/**
 * Reads inputs and attributes of one node, and collects what is wrong with them. Reading goes on with a harmless value
 * where it can, so that one run finds as much as possible.
 */
export class NodeReader<Tensor> {
  readonly refusals: Refusal[] = [];
  readonly name: string;
  readonly opset: number;
  private readonly node: NodeMessage;
  private readonly inputNames: readonly string[];
  private readonly values: ReadonlyMap<string, Value<Tensor>>;
  private readonly attributes = new Map<string, AttributeMessage>();

  constructor(
    node: NodeMessage,
    opset: number,
    inputNames: readonly string[],
    types: AttributeTypes,
    values: ReadonlyMap<string, Value<Tensor>>,
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
    return bytes === undefined ? absent : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, 64));
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

  /** What the file calls the tensors that it makes. */
  get outputs(): readonly string[] {
    return this.node.output;
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
  value(input: string): Value<Tensor> {
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

  /** The values of an int64 constant: a shape or axes. What is beyond 2^53 is near enough. */
  longs(input: string): readonly number[] {
    const constant = this.constant(input, [DType.Int64]);
    const { shape } = constant;
    if (shape.length === 1 && sizeOf(shape) <= MAX_LONGS) return longsOf(constant);
    return this.stop(input, `has the shape ${list(shape)}, not that of a list of at most ${MAX_LONGS}`);
  }
}

/** What people call a node: its name, or that of its first output. */
export function nameOf(node: NodeMessage): string {
  return node.name !== undefined && node.name !== "" ? node.name : (node.output[0] ?? "");
}
