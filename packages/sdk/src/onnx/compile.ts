import { WORD } from "../codecs/merkle.ts";
import type { Model, NodeMessage, ValueMessage } from "./model.ts";
import type { Placed } from "./layout.ts";
import { DType, readModel } from "./model.ts";
import { ModelRefusedError, type Refusal } from "./modelRefused.ts";
import { constantsCommitment, graphRootOf, stepsRootOf } from "./graph.ts";
import {
  GRAPH_INPUT,
  Layout,
  Opcode,
  type Program,
  type ProgramStep,
  type Quantisation,
  type Ref,
  type Spec,
} from "./program.ts";
import { constantOfNode, readConstant } from "./compile/constant.ts";
import { canonical, fileRefusals, opsetsOf } from "./compile/file.ts";
import { MAX_CONSTANT_WORDS, type Made, inner, wordsOf } from "./compile/made.ts";
import { NodeReader, Stop, type Value, nameOf } from "./compile/NodeReader.ts";
import { type Operator, operatorOf } from "./compile/operators.ts";

const MAX_STEPS = 1_024;
const MAX_INPUTS = 256;
const MAX_RANK = 6;
const MAX_TENSOR_WORDS = 2 ** 18;

/**
 * Compiles an ONNX file to what a referee can judge. Pure: the same bytes give the same program everywhere.
 * @param bytes the file; it may come from anybody, and must not change afterwards.
 * @throws ModelRefusedError if the file is outside of the profile, with every reason that was found.
 */
export function compile(bytes: Uint8Array): Program {
  return new Compiler(readModel(bytes)).program();
}

/** A step, and what people call it and its numbers. */
type NamedStep = Pick<ProgramStep, "name" | "operator" | "quantisation"> & { readonly made: Made };

/** Carries what is known of a graph while its nodes are read in order. */
class Compiler {
  private readonly model: Model;
  private readonly opsets: ReadonlyMap<string, number>;
  private readonly refusals: Refusal[] = [];
  private readonly values = new Map<string, Value>();
  private readonly steps: NamedStep[] = [];
  private constantWords = 0;

  constructor(model: Model) {
    this.model = model;
    this.opsets = opsetsOf(model);
  }

  program(): Program {
    const { graph } = this.model;
    if (graph === undefined) throw ModelRefusedError.ofFile("the file has no graph", "graph");
    this.record(fileRefusals(this.model, graph));
    const nodes = graph.node.filter(({ opType }) => opType !== "Constant").length;
    if (nodes > MAX_STEPS) this.giveUp(`has ${nodes} nodes, more than ${MAX_STEPS}`);
    for (const tensor of graph.initializer)
      this.define(tensor.name ?? "", { kind: "constant", constant: readConstant(tensor) });
    const inputs = graph.input.map((value, k) => this.readInput(value, k));
    if (inputs.length > MAX_INPUTS) this.refuse("graph", `has ${inputs.length} inputs, more than ${MAX_INPUTS}`);
    for (const node of graph.node) {
      this.readNode(node);
      if (this.constantWords > MAX_CONSTANT_WORDS)
        this.giveUp(`takes ${this.constantWords} words of constants, more than ${MAX_CONSTANT_WORDS}`);
    }
    const outputs = graph.output.map((value) => this.readOutput(value));
    this.checkOutputs(outputs);
    if (this.steps.length > MAX_STEPS) this.refuse("graph", `takes ${this.steps.length} steps, more than ${MAX_STEPS}`);
    this.throwRefusals();

    const steps = this.steps.map(commit);
    const stepsRoot = stepsRootOf(steps.map(({ step }) => step));
    const program = { inputs, outputs, steps, stepsRoot };
    return { ...program, graphRoot: graphRootOf(program) };
  }

  /** Records a reason that is about the graph. */
  private refuse(attribute: string, reason: string): void {
    this.refusals.push({ node: "", operator: "", attribute, reason });
  }

  /** Not all at once as arguments: foreign bytes can cause a million. */
  private record(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.refusals.push(refusal);
  }

  /** Ends what would take too long. */
  private giveUp(reason: string): void {
    this.refuse("graph", reason);
    this.throwRefusals();
  }

  private throwRefusals(): void {
    const [first, ...others] = this.refusals;
    if (first !== undefined) throw new ModelRefusedError(first, others);
  }

  private define(name: string, value: Value): void {
    if (name === "") this.refuse("graph", "holds an input, an initialiser or an output of a node that has no name");
    else if (this.values.has(name)) this.refuse(name, "is made twice; an initialiser may not be an input, too");
    else this.values.set(name, value);
  }

  private push(step: NamedStep): Ref {
    this.steps.push(step);
    const { layout, dtype, shape, constants } = step.made;
    this.constantWords += (constants?.length ?? 0) / WORD;
    return { from: this.steps.length - 1, layout, dtype, shape };
  }

  /** The declared type of an input or output; nothing if it is none that the profile can have. */
  private typeOf(value: ValueMessage): Pick<Ref, "dtype" | "shape"> | undefined {
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

  private readInput(value: ValueMessage, k: number): Spec {
    const name = value.name ?? "";
    const type = this.typeOf(value);
    const given = type === undefined ? undefined : { from: GRAPH_INPUT + k, layout: Layout.Packed, ...type };
    const excess = given === undefined ? undefined : excessOf(given);
    if (excess !== undefined) this.refuse(name, excess);
    if (given === undefined || excess !== undefined) {
      this.define(name, { kind: "unknown" });
      return { name, dtype: 0, shape: [], step: 0 };
    }
    const { dtype, shape } = given;
    if (dtype !== DType.Uint8 && dtype !== DType.Float)
      this.refuse(name, `has element type ${dtype}; inputs are uint8 (2), or float (1) for QuantizeLinear`);
    let read: Ref = given;
    if (dtype === DType.Uint8) {
      const move: Made = { opcode: Opcode.Move, ...inner(shape), inputs: [given], attrs: [] };
      const moved = excessOf(move);
      if (moved !== undefined) this.refuse(name, `${moved}, between nodes`);
      read = this.push({ name, made: move });
    }
    this.define(name, { kind: "tensor", ref: read });
    return { name, dtype, shape, step: 0 };
  }

  private readOutput(value: ValueMessage): Spec {
    const name = value.name ?? "";
    const made = this.values.get(name);
    const declared = this.typeOf(value);
    const spec = { name, dtype: 0, shape: [], step: 0 };
    if (made === undefined) this.refuse(name, "is an output that no node makes");
    else if (made.kind === "constant") this.refuse(name, "is an output, but a constant");
    if (made?.kind !== "tensor" || declared === undefined) return spec;
    const { ref } = made;
    const { dtype, shape } = ref;
    if (declared.dtype !== dtype || declared.shape.join() !== shape.join())
      this.refuse(
        name,
        `is declared with element type ${declared.dtype} and shape [${declared.shape.join(", ")}], but has ${dtype} and [${shape.join(", ")}]`,
      );
    if (ref.from >= GRAPH_INPUT) this.refuse(name, "is an output, but a float input");
    if (dtype !== DType.Uint8) return { name, dtype, shape, step: ref.from };
    const move: Made = { opcode: Opcode.Move, layout: Layout.Packed, dtype, shape, inputs: [ref], attrs: [] };
    return { name, dtype, shape, step: this.push({ name, made: move, ...this.inherited(move) }).from };
  }

  private checkOutputs(outputs: readonly Spec[]): void {
    if (outputs.length === 0) this.refuse("graph", "has no output");
    if (new Set(outputs.map(({ name }) => name)).size !== outputs.length) this.refuse("graph", "names an output twice");
    const readOut = new Set(outputs.map(({ step }) => step));
    for (const [i, { name, made }] of this.steps.entries())
      if (made.dtype !== DType.Uint8 && !readOut.has(i))
        this.refuse(name, "makes something other than uint8, so it must be an output of the graph");
  }

  private readNode(node: NodeMessage): void {
    const at = { node: nameOf(node), operator: node.opType ?? "" };
    const domain = canonical(node.domain ?? "");
    const [output = ""] = node.output;
    if (node.output.length !== 1)
      this.refusals.push({ ...at, attribute: "", reason: `has ${node.output.length} outputs, not 1` });
    const value = domain === "" && at.operator === "Constant" ? this.constantOf(node) : this.resultOf(node, domain);
    for (const other of node.output.slice(1)) if (other !== "") this.define(other, { kind: "unknown" });
    this.define(output, value);
  }

  /** The value of a `Constant` node. */
  private constantOf(node: NodeMessage): Value {
    const constant = constantOfNode(node);
    if (typeof constant === "string")
      this.refusals.push({ node: nameOf(node), operator: "Constant", attribute: "value", reason: constant });
    return typeof constant === "string" ? { kind: "unknown" } : { kind: "constant", constant };
  }

  /** What a node makes. */
  private resultOf(node: NodeMessage, domain: string): Value {
    const [name, opType] = [nameOf(node), node.opType ?? ""];
    const operator = operatorOf(domain, opType);
    if (operator === undefined) {
      const reason = `is no operator of the profile (domain ${domain === "" ? "ai.onnx" : domain})`;
      this.refusals.push({ node: name, operator: opType, attribute: "", reason });
      return { kind: "unknown" };
    }
    if (node.input.length > operator.inputs.length) {
      const reason = `has ${node.input.length} inputs, more than ${operator.inputs.length}`;
      this.refusals.push({ node: name, operator: opType, attribute: "", reason });
      return { kind: "unknown" };
    }
    const opset = this.opsets.get(domain) ?? 0;
    const reader = new NodeReader(node, opset, operator.inputs, operator.attributes, this.values);
    if (opset < operator.since)
      reader.refuse("", `needs opset ${operator.since} of its domain, but the file has ${opset}`);
    const made = attempt(() => operator.make(reader));
    const excess = made === undefined ? undefined : excessOf(made);
    if (excess !== undefined) reader.refuse("", `makes a tensor that ${excess}`);
    this.record(reader.refusals);
    if (made === undefined || excess !== undefined) return { kind: "unknown" };
    const quantisation = reader.refusals.length === 0 ? outputQuantisation(reader, operator) : undefined;
    const numbers = quantisation === undefined ? this.inherited(made) : { quantisation };
    return { kind: "tensor", ref: this.push({ name, operator: opType, made, ...numbers }) };
  }

  /** Bytes that are only moved or compared stand for what they stood for before. */
  private inherited({ dtype, inputs }: Made): Pick<ProgramStep, "quantisation"> {
    const [only, ...others] = inputs;
    if (only === undefined || others.length > 0 || dtype !== DType.Uint8) return {};
    const quantisation = this.steps[only.from]?.quantisation;
    return quantisation === undefined ? {} : { quantisation };
  }
}

/** What the bytes that a node makes stand for, if one of its inputs says it. */
function outputQuantisation(reader: NodeReader, { inputs }: Operator): Quantisation | undefined {
  const output = ["y", "Y", "C"].find((name) => inputs.includes(`${name}_scale`));
  if (output === undefined) return undefined;
  return { scale: reader.scale(`${output}_scale`), zeroPoint: reader.optionalZero(`${output}_zero_point`) };
}

/** What is too large about a tensor, if anything is. */
function excessOf(tensor: Placed): string | undefined {
  const { length } = tensor.shape;
  if (length < 1 || length > MAX_RANK) return `has rank ${length}, not 1 to ${MAX_RANK}`;
  const words = wordsOf(tensor);
  return words > MAX_TENSOR_WORDS ? `takes ${words} words, more than ${MAX_TENSOR_WORDS}` : undefined;
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

/** A step with the root of its constants. */
function commit({ made, ...names }: NamedStep): ProgramStep {
  const { constants = new Uint8Array(), ...step } = made;
  return { ...names, constants, step: { ...step, ...constantsCommitment(constants) } };
}
