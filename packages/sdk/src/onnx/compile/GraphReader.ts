import { type GraphMessage, type Model, type NodeMessage, type ValueMessage } from "../model.ts";
import { ModelRefusedError, type Refusal } from "../modelRefused.ts";
import type { Spec } from "../program.ts";
import { constantOfNode, readConstant } from "./constant.ts";
import { canonical, type FileRules, fileRefusals, opsetsOf } from "./file.ts";
import { type AttributeTypes, type NodeReader, Stop, type Value, nameOf } from "./NodeReader.ts";

/** An operator that a profile allows. `Reader` reads its nodes, `Made` is what they become. */
export interface Operator<Reader, Made> {
  /** The first opset of its domain in which it may stand. */
  readonly since: number;
  /** Names of its inputs in order, as its own documentation has them. */
  readonly inputs: readonly string[];
  /** How many outputs it may have. */
  readonly outputs: number;
  readonly attributes: AttributeTypes;
  readonly make: (node: Reader) => Made;
}

/** What a node reads its inputs and attributes as. */
export type ReaderArguments<Tensor> = ConstructorParameters<typeof NodeReader<Tensor>>;

/** Element type and shape of a tensor. */
export type Type = Pick<Spec, "dtype" | "shape">;

const UNKNOWN = { kind: "unknown" } as const;

/** Carries what is known of a graph while its nodes are read in order, and what is wrong with it. */
export abstract class GraphReader<Tensor, Reader extends NodeReader<Tensor>, Made> {
  protected readonly graph: GraphMessage;
  protected readonly values = new Map<string, Value<Tensor>>();
  readonly #rules: FileRules;
  readonly #opsets: ReadonlyMap<string, number>;
  readonly #refusals: Refusal[] = [];

  constructor(model: Model, rules: FileRules) {
    if (model.graph === undefined) throw ModelRefusedError.ofFile("the file has no graph", "graph", rules.profile);
    this.graph = model.graph;
    this.#rules = rules;
    this.#opsets = opsetsOf(model);
    this.#record(fileRefusals(model, model.graph, rules));
    const nodes = model.graph.node.filter(({ opType }) => opType !== "Constant").length;
    if (nodes > rules.mostNodes) this.giveUp(`has ${nodes} nodes, more than ${rules.mostNodes}`);
    for (const tensor of model.graph.initializer)
      this.define(tensor.name ?? "", { kind: "constant", constant: readConstant(tensor, rules.constants) });
  }

  /** The operator of this name, if the profile allows it. `domain` is empty for ONNX' own. */
  protected abstract operatorOf(domain: string, name: string): Operator<Reader, Made> | undefined;

  protected abstract readerOf(...of: ReaderArguments<Tensor>): Reader;

  /** What the outputs of a node stand for. Throws `Stop` where nothing can be said about them. */
  protected abstract valuesOf(node: Reader, operator: Operator<Reader, Made>, opType: string): readonly Value<Tensor>[];

  /** Records a reason that is about the graph. */
  protected refuse(attribute: string, reason: string): void {
    this.#refusals.push({ node: "", operator: "", attribute, reason });
  }

  /** Not all at once as arguments: foreign bytes can cause a million. */
  #record(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.#refusals.push(refusal);
  }

  /** Ends what would take too long. */
  protected giveUp(reason: string): void {
    this.refuse("graph", reason);
    this.throwRefusals();
  }

  protected throwRefusals(): void {
    const [first, ...others] = this.#refusals;
    if (first !== undefined) throw new ModelRefusedError(first, others, this.#rules.profile);
  }

  protected define(name: string, value: Value<Tensor>): void {
    if (name === "") this.refuse("graph", "holds an input, an initialiser or an output of a node that has no name");
    else if (this.values.has(name)) this.refuse(name, "is made twice; an initialiser may not be an input, too");
    else this.values.set(name, value);
  }

  /** The declared type of an input or output; nothing if it is none that a profile can have. */
  protected typeOf(value: ValueMessage): Type | undefined {
    const name = value.name ?? "";
    const type = value.type?.tensorType;
    if (type?.shape === undefined) {
      this.refuse(name, "has no tensor type with a shape");
      return undefined;
    }
    const { elemType: dtype = 0 } = type;
    const { dim } = type.shape;
    const shape = dim.map(({ value: size = 0 }) => size);
    const open = dim.findIndex(({ value: size = 0, param }) => size < 1 || param !== undefined);
    if (open < 0) return { dtype, shape };
    const given = dim[open]?.param ?? shape[open];
    this.refuse(name, `has the dimension ${given} on axis ${open}; every dimension must be a positive number`);
    return undefined;
  }

  /** What an output of the graph stands for; nothing if it cannot be one. */
  protected outputOf(value: ValueMessage): Tensor | undefined {
    const name = value.name ?? "";
    const made = this.values.get(name);
    if (made === undefined) this.refuse(name, "is an output that no node makes");
    else if (made.kind === "constant") this.refuse(name, "is an output, but a constant");
    return made?.kind === "tensor" ? made.tensor : undefined;
  }

  /** Refuses an output that is not what the file declares. */
  protected expectDeclared(name: string, declared: Type, made: Type): void {
    if (declared.dtype !== made.dtype || declared.shape.join() !== made.shape.join())
      this.refuse(
        name,
        `is declared with element type ${declared.dtype} and shape [${declared.shape.join(", ")}], but has ${made.dtype} and [${made.shape.join(", ")}]`,
      );
  }

  /** Refuses a graph without outputs, and outputs of one name. */
  protected checkNames(outputs: readonly Spec[]): void {
    if (outputs.length === 0) this.refuse("graph", "has no output");
    if (new Set(outputs.map(({ name }) => name)).size !== outputs.length) this.refuse("graph", "names an output twice");
  }

  protected readNode(node: NodeMessage): void {
    const domain = canonical(node.domain ?? "");
    const isConstant = domain === "" && node.opType === "Constant";
    const operator = isConstant ? undefined : this.operatorOf(domain, node.opType ?? "");
    const most = operator?.outputs ?? 1;
    const count = node.output.length;
    if (count < 1 || count > most)
      this.#refuseNode(node, "", `has ${count} outputs, not ${most === 1 ? "1" : `1 to ${most}`}`);
    const values = isConstant ? [this.#constantOf(node)] : this.#resultsOf(node, domain, operator);
    const [first = "", ...others] = node.output;
    this.define(first, values[0] ?? UNKNOWN);
    for (const [i, other] of others.entries()) if (other !== "") this.define(other, values[i + 1] ?? UNKNOWN);
  }

  #refuseNode(node: NodeMessage, attribute: string, reason: string): void {
    this.#refusals.push({ node: nameOf(node), operator: node.opType ?? "", attribute, reason });
  }

  /** The value of a `Constant` node. */
  #constantOf(node: NodeMessage): Value<Tensor> {
    const constant = constantOfNode(node, this.#rules.constants);
    if (typeof constant !== "string") return { kind: "constant", constant };
    this.#refuseNode(node, "value", constant);
    return UNKNOWN;
  }

  #resultsOf(
    node: NodeMessage,
    domain: string,
    operator: Operator<Reader, Made> | undefined,
  ): readonly Value<Tensor>[] {
    const opType = node.opType ?? "";
    if (operator === undefined) {
      const plain = `is no operator of the profile (domain ${domain === "" ? "ai.onnx" : domain})`;
      const { reasons } = this.#rules;
      this.#refuseNode(node, "", Object.hasOwn(reasons, opType) ? (reasons[opType] ?? plain) : plain);
      return [];
    }
    if (node.input.length > operator.inputs.length) {
      this.#refuseNode(node, "", `has ${node.input.length} inputs, more than ${operator.inputs.length}`);
      return [];
    }
    const opset = this.#opsets.get(domain) ?? 0;
    const reader = this.readerOf(node, opset, operator.inputs, operator.attributes, this.values);
    if (opset < operator.since)
      reader.refuse("", `needs opset ${operator.since} of its domain, but the file has ${opset}`);
    const values = attempt(() => this.valuesOf(reader, operator, opType));
    this.#record(reader.refusals);
    return values ?? [];
  }
}

/** What a function gives, or nothing if it was stopped by a reason. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof Stop) return undefined;
    throw error;
  }
}
