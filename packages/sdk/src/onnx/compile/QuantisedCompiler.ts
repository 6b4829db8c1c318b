import { WORD } from "../../codecs/merkle.ts";
import { DType, type Model, type ValueMessage } from "../model.ts";
import type { Placed } from "../layout.ts";
import {
  GRAPH_INPUT,
  Layout,
  Opcode,
  PROFILE,
  type Program,
  type ProgramStep,
  type Quantisation,
  type Ref,
  type Spec,
} from "../program.ts";
import { QUANTISED_TYPES } from "./constant.ts";
import type { FileRules } from "./file.ts";
import { type NamedStep, finish } from "./finish.ts";
import { GraphReader, type ReaderArguments } from "./GraphReader.ts";
import { MAX_CONSTANT_WORDS, type Made, excessOf, inner } from "./made.ts";
import type { Value } from "./NodeReader.ts";
import { MICROSOFT, type QuantisedOperator, operatorOf } from "./operators.ts";
import { QuantisedReader } from "./QuantisedReader.ts";

const MAX_STEPS = 1_024;
const MAX_TENSORS = 256;
const MAX_TENSOR_WORDS = 2 ** 18;

const RULES: FileRules = {
  profile: PROFILE,
  opsets: { "": [11, 21], [MICROSOFT]: [1, 1] },
  otherDomains: true,
  constants: QUANTISED_TYPES,
  reasons: {},
  mostNodes: MAX_STEPS,
};

/** Makes a step of each node, in their order. */
export class QuantisedCompiler extends GraphReader<Ref, QuantisedReader, Made> {
  readonly #steps: NamedStep[] = [];
  #constantWords = 0;

  constructor(model: Model) {
    super(model, RULES);
  }

  program(): Program {
    const { graph } = this;
    if (Math.max(graph.input.length, graph.output.length) > MAX_TENSORS)
      this.refuse("graph", `has more than ${MAX_TENSORS} inputs or outputs`);
    const inputs = graph.input.map((value, k) => this.#readInput(value, k));
    for (const node of graph.node) {
      this.readNode(node);
      if (this.#constantWords > MAX_CONSTANT_WORDS)
        this.giveUp(`takes ${this.#constantWords} words of constants, more than ${MAX_CONSTANT_WORDS}`);
    }
    const outputs = graph.output.map((value) => this.#readOutput(value));
    this.#checkOutputs(outputs);
    const count = this.#steps.length;
    if (count > MAX_STEPS) this.refuse("graph", `takes ${count} steps, more than ${MAX_STEPS}`);
    this.throwRefusals();
    return finish({ profile: PROFILE, inputs, outputs, stated: [], steps: this.#steps });
  }

  #push(step: NamedStep): Ref {
    this.#steps.push(step);
    const { layout, dtype, shape, constants } = step.made;
    this.#constantWords += (constants?.length ?? 0) / WORD;
    return { from: this.#steps.length - 1, layout, dtype, shape };
  }

  #readInput(value: ValueMessage, k: number): Spec {
    const name = value.name ?? "";
    const type = this.typeOf(value);
    const given = type === undefined ? undefined : { from: GRAPH_INPUT + k, layout: Layout.Packed, ...type };
    const excess = given === undefined ? undefined : tooLarge(given);
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
      const moved = tooLarge(move);
      if (moved !== undefined) this.refuse(name, `${moved}, between nodes`);
      read = this.#push({ name, output: name, made: move });
    }
    this.define(name, { kind: "tensor", tensor: read });
    return { name, dtype, shape, step: 0 };
  }

  #readOutput(value: ValueMessage): Spec {
    const name = value.name ?? "";
    const declared = this.typeOf(value);
    const ref = this.outputOf(value);
    if (ref === undefined || declared === undefined) return { name, dtype: 0, shape: [], step: 0 };
    const { dtype, shape } = ref;
    this.expectDeclared(name, declared, ref);
    if (ref.from >= GRAPH_INPUT) this.refuse(name, "is an output, but a float input");
    if (dtype !== DType.Uint8) return { name, dtype, shape, step: ref.from };
    const move: Made = { opcode: Opcode.Move, layout: Layout.Packed, dtype, shape, inputs: [ref], attrs: [] };
    return { name, dtype, shape, step: this.#push({ name, output: name, made: move, ...this.#inherited(move) }).from };
  }

  #checkOutputs(outputs: readonly Spec[]): void {
    this.checkNames(outputs);
    const readOut = new Set(outputs.map(({ step }) => step));
    for (const [i, { name, made }] of this.#steps.entries())
      if (made.dtype !== DType.Uint8 && !readOut.has(i))
        this.refuse(name, "makes something other than uint8, so it must be an output of the graph");
  }

  protected operatorOf(domain: string, name: string): QuantisedOperator | undefined {
    return operatorOf(domain, name);
  }

  protected readerOf(...of: ReaderArguments<Ref>): QuantisedReader {
    return new QuantisedReader(...of);
  }

  protected valuesOf(node: QuantisedReader, operator: QuantisedOperator, opType: string): readonly Value<Ref>[] {
    const made = operator.make(node);
    const excess = tooLarge(made);
    if (excess !== undefined) node.stop("", `makes a tensor that ${excess}`);
    const quantisation = node.refusals.length === 0 ? outputQuantisation(node, operator) : undefined;
    const numbers = quantisation === undefined ? this.#inherited(made) : { quantisation };
    const [output = ""] = node.outputs;
    const step = { name: node.name, operator: opType, output, made, ...numbers };
    return [{ kind: "tensor", tensor: this.#push(step) }];
  }

  /** Bytes that are only moved or compared stand for what they stood for before. */
  #inherited({ dtype, inputs }: Made): Pick<ProgramStep, "quantisation"> {
    const [only, ...others] = inputs;
    if (only === undefined || others.length > 0 || dtype !== DType.Uint8) return {};
    const quantisation = this.#steps[only.from]?.quantisation;
    return quantisation === undefined ? {} : { quantisation };
  }
}

/** What the bytes that a node makes stand for, if one of its inputs says it. */
function outputQuantisation(reader: QuantisedReader, { inputs }: QuantisedOperator): Quantisation | undefined {
  const output = ["y", "Y", "C"].find((name) => inputs.includes(`${name}_scale`));
  if (output === undefined) return undefined;
  return { scale: reader.scale(`${output}_scale`), zeroPoint: reader.optionalZero(`${output}_zero_point`) };
}

const tooLarge = (tensor: Placed): string | undefined => excessOf(tensor, MAX_TENSOR_WORDS);
