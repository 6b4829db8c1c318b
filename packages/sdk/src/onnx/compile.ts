import { WORD } from "../codecs/merkle.ts";
import type { Model, NodeMessage, ValueMessage } from "./model.ts";
import { DType, readModel } from "./model.ts";
import { ModelRefusedError, type Refusal } from "./modelRefused.ts";
import { constantsCommitment, graphRootOf, stepsRootOf } from "./graph.ts";
import { GRAPH_INPUT, Layout, Opcode, type Program, type ProgramStep, type Ref, type Spec } from "./program.ts";
import { constantOfNode, readConstant } from "./compile/constant.ts";
import { canonical, fileRefusals, opsetsOf } from "./compile/file.ts";
import { MAX_CONSTANT_WORDS, type Made, inner, wordsOf } from "./compile/made.ts";
import { NodeReader, Stop, type Value, nameOf } from "./compile/NodeReader.ts";
import { operatorOf } from "./compile/operators.ts";

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

/** A step, and what people call it. */
interface NamedStep {
  readonly name: string;
  readonly made: Made;
}

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
    this.refusals.push(...fileRefusals(this.model, graph));
    for (const tensor of graph.initializer)
      this.define(tensor.name ?? "", { kind: "constant", constant: readConstant(tensor) });
    const inputs = graph.input.map((value, k) => this.readInput(value, k));
    if (inputs.length > MAX_INPUTS) this.refuse("graph", `has ${inputs.length} inputs, more than ${MAX_INPUTS}`);
    for (const node of graph.node) {
      this.readNode(node);
      if (this.steps.length > MAX_STEPS) this.refuse("graph", `takes more than ${MAX_STEPS} steps`);
      if (this.constantWords > MAX_CONSTANT_WORDS)
        this.refuse("graph", `takes ${this.constantWords} words of constants, more than ${MAX_CONSTANT_WORDS}`);
      if (this.steps.length > MAX_STEPS || this.constantWords > MAX_CONSTANT_WORDS) this.throwRefusals();
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

  private throwRefusals(): void {
    const [first, ...others] = this.refusals;
    if (first !== undefined) throw new ModelRefusedError(first, others);
  }

  private define(name: string, value: Value): void {
    if (name === "") this.refuse("graph", "holds an input, an initialiser or an output of a node that has no name");
    else if (this.values.has(name)) this.refuse(name, "is made twice; an initialiser may not be an input, too");
    else this.values.set(name, value);
  }

  private push(name: string, made: Made): Ref {
    this.steps.push({ name, made });
    this.constantWords += (made.constants?.length ?? 0) / WORD;
    const { layout, dtype, shape } = made;
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
    const shape = type.shape.dim.map((dimension) => dimension.value ?? 0);
    const open = type.shape.dim.findIndex((dimension) => (dimension.value ?? 0) < 1);
    if (open < 0) return { dtype, shape };
    const given = type.shape.dim[open]?.param ?? shape[open];
    this.refuse(name, `has the dimension ${given} on axis ${open}; every dimension must be a positive number`);
    return undefined;
  }

  private readInput(value: ValueMessage, k: number): Spec {
    const name = value.name ?? "";
    const type = this.typeOf(value);
    const ref = type === undefined ? undefined : { from: GRAPH_INPUT + k, layout: Layout.Packed, ...type };
    if (
      ref === undefined ||
      !this.fits(ref, (reason) => {
        this.refuse(name, reason);
      })
    ) {
      this.define(name, { kind: "unknown" });
      return { name, dtype: 0, shape: [], step: 0 };
    }
    const { dtype, shape } = ref;
    if (dtype !== DType.Uint8 && dtype !== DType.Float)
      this.refuse(name, `has element type ${dtype}; inputs are uint8 (2), or float (1) for QuantizeLinear`);
    const isMoved = dtype === DType.Uint8;
    const read = isMoved ? this.push(name, { opcode: Opcode.Move, ...inner(shape), inputs: [ref], attrs: [] }) : ref;
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
    this.fits(move, (reason) => {
      this.refuse(name, reason);
    });
    return { name, dtype, shape, step: this.push(name, move).from };
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
    const opset = this.opsets.get(domain) ?? 0;
    const reader = new NodeReader(node, opset, operator.inputs, operator.attributes, this.values);
    if (opset < operator.since)
      reader.refuse("", `needs opset ${operator.since} of its domain, but the file has ${opset}`);
    const made = attempt(() => operator.make(reader));
    const fits =
      made !== undefined &&
      this.fits(made, (reason) => {
        reader.refuse("", `makes a tensor that ${reason}`);
      });
    this.refusals.push(...reader.refusals);
    return fits ? { kind: "tensor", ref: this.push(name, made) } : { kind: "unknown" };
  }

  /** Whether a tensor is within the bounds; if not, the reason is given away. */
  private fits(tensor: Pick<Ref, "layout" | "dtype" | "shape">, refuse: (reason: string) => void): boolean {
    const { length } = tensor.shape;
    if (length < 1 || length > MAX_RANK) refuse(`has rank ${length}, not 1 to ${MAX_RANK}`);
    else if (wordsOf(tensor) > MAX_TENSOR_WORDS)
      refuse(`takes ${wordsOf(tensor)} words, more than ${MAX_TENSOR_WORDS}`);
    else return true;
    return false;
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

/** A step with the root of its constants. */
function commit({ name, made }: NamedStep): ProgramStep {
  const { constants = new Uint8Array(), ...step } = made;
  return { name, constants, step: { ...step, ...constantsCommitment(constants) } };
}
