import type { FileRules } from "../../compile/file.ts";
import { type NamedStep, finish } from "../../compile/finish.ts";
import { GraphReader, type ReaderArguments, type Type } from "../../compile/GraphReader.ts";
import { excessOf, MAX_CONSTANT_WORDS } from "../../compile/made.ts";
import type { Value } from "../../compile/NodeReader.ts";
import { WORD } from "../../../codecs/merkle.ts";
import type { Model, ValueMessage } from "../../model.ts";
import {
  GRAPH_INPUT,
  INTEGER_PROFILE,
  Layout,
  type Program,
  type Ref,
  type Spec,
  STATED_OUTPUT,
  statedName,
} from "../../program.ts";
import { rangeOf } from "./bounds.ts";
import { INTEGER_TYPES } from "./constants.ts";
import { IntegerReader, MAX_TENSOR_WORDS, NUMBERS } from "./IntegerReader.ts";
import { type IntegerTensor, Tensors } from "./IntegerTensor.ts";
import { FIRST_OPSET, type IntegerOperator, LAST_OPSET, operatorOf, REASONS } from "./operators.ts";
import type { Unit } from "../fuse/Unit.ts";
import { unitsOf } from "../fuse/units.ts";

const MAX_STEPS = 4_096;
/** Fused and folded nodes make no steps, so that there may be more of them. */
const MAX_NODES = 65_536;
/** Tensors of a payload. */
const MAX_TENSORS = 256;

const RULES: FileRules = {
  profile: INTEGER_PROFILE,
  opsets: { "": [FIRST_OPSET, LAST_OPSET] },
  otherDomains: false,
  constants: INTEGER_TYPES,
  reasons: REASONS,
  mostNodes: MAX_NODES,
};

/** What the name of an input ends with that is not part of a statement's input, but one of its outputs. */
const STATED = statedName("");

/** Makes a few steps of many nodes. */
export class IntegerCompiler extends GraphReader<IntegerTensor, IntegerReader, readonly IntegerTensor[]> {
  readonly #tensors = new Tensors();
  readonly #inputs: Spec[] = [];
  /** What the graph reads of its own outputs, by their numbers. */
  readonly #stated = new Map<number, { readonly name: string; readonly type: Type }>();

  constructor(model: Model) {
    super(model, RULES);
  }

  program(): Program {
    const { graph } = this;
    for (const value of graph.input) this.#readInput(value);
    if (Math.max(graph.input.length, graph.output.length) > MAX_TENSORS)
      this.refuse("graph", `has more than ${MAX_TENSORS} inputs or outputs`);
    for (const node of graph.node) {
      this.readNode(node);
      this.#checkWords(this.#tensors.columnWords);
    }
    const outputs = graph.output.map((value, k) => this.#readOutput(value, k));
    this.checkNames(outputs.map(({ spec }) => spec));
    this.throwRefusals();

    const units = unitsOf(
      this.#tensors.list,
      outputs.flatMap(({ tensor }) => tensor ?? []),
    );
    if (units.length > MAX_STEPS) this.giveUp(`takes ${units.length} steps, more than ${MAX_STEPS}`);
    const first = units.length - outputs.length;
    return finish({
      profile: INTEGER_PROFILE,
      inputs: this.#inputs,
      outputs: outputs.map(({ spec }, k) => ({ ...spec, step: first + k })),
      stated: [...this.#stated.keys()].sort((a, b) => a - b),
      steps: this.#stepsOf(units, first),
    });
  }

  #checkWords(words: number): void {
    if (words > MAX_CONSTANT_WORDS) this.giveUp(`takes ${words} words of constants, more than ${MAX_CONSTANT_WORDS}`);
  }

  /** The type of a tensor of a payload; nothing if it can be none. */
  #payloadTypeOf(value: ValueMessage): Type | undefined {
    const name = value.name ?? "";
    const type = this.typeOf(value);
    if (type === undefined) return undefined;
    const isNumber = NUMBERS.includes(type.dtype);
    if (!isNumber) this.refuse(name, `has element type ${type.dtype}, not ${NUMBERS.join(" or ")}`);
    const excess = isNumber ? excessOf({ layout: Layout.Packed, ...type }, MAX_TENSOR_WORDS) : undefined;
    if (excess !== undefined) this.refuse(name, excess);
    return isNumber && excess === undefined ? type : undefined;
  }

  #readInput(value: ValueMessage): void {
    const name = value.name ?? "";
    const type = this.#payloadTypeOf(value);
    const output = this.#statedBy(name);
    if (output < 0 && name.endsWith(STATED))
      this.refuse(name, `is named after an output ${name.slice(0, -STATED.length)}, which there is not`);
    const from = output < 0 ? GRAPH_INPUT + this.#inputs.length : STATED_OUTPUT + output;
    if (output >= 0 && type !== undefined) this.#stated.set(output, { name, type });
    if (output < 0) this.#inputs.push({ name, dtype: 0, shape: [], ...type, step: 0 });
    this.define(
      name,
      type === undefined ? { kind: "unknown" } : { kind: "tensor", tensor: this.#given(name, type, from) },
    );
  }

  /** @param from as a reference says it. */
  #given(name: string, type: Type, from: number): IntegerTensor {
    return this.#tensors.add({ ...type, bounds: rangeOf(type.dtype), origin: { kind: "given", from } }, { name });
  }

  /** The number of the output that an input states; below 0 if it is part of the statement's input. */
  #statedBy(input: string): number {
    return this.graph.output.findIndex(({ name = "" }) => statedName(name) === input);
  }

  #readOutput(value: ValueMessage, k: number): { readonly spec: Spec; readonly tensor: IntegerTensor | undefined } {
    const name = value.name ?? "";
    const declared = this.#payloadTypeOf(value);
    const tensor = this.outputOf(value);
    if (tensor === undefined || declared === undefined) return { spec: { name, dtype: 0, shape: [], step: 0 }, tensor };
    this.expectDeclared(name, declared, tensor);
    const stated = this.#stated.get(k);
    if (stated !== undefined) this.expectDeclared(stated.name, stated.type, tensor);
    return { spec: { name, ...declared, step: 0 }, tensor };
  }

  /** @param first the first that makes an output. */
  #stepsOf(units: readonly Unit[], first: number): readonly NamedStep[] {
    const numbers = new Map(units.slice(0, first).map(({ root }, i) => [root, i]));
    const refOf = (tensor: IntegerTensor): Ref => {
      const { dtype, shape, origin } = tensor;
      if (origin.kind === "given") return { from: origin.from, layout: Layout.Packed, dtype, shape };
      return { from: numbers.get(tensor) ?? 0, layout: Layout.Rows, dtype, shape };
    };
    let words = 0;
    return units.map((unit, i) => {
      const made = unit.made(refOf);
      words += (made.constants?.length ?? 0) / WORD;
      this.#checkWords(words);
      if (i >= first) {
        const name = this.graph.output[i - first]?.name ?? "";
        return { name, output: name, made };
      }
      const { name, operator, output } = unit.root;
      return {
        name,
        made,
        ...(operator === undefined ? {} : { operator }),
        ...(output === undefined ? {} : { output }),
      };
    });
  }

  protected operatorOf(domain: string, name: string): IntegerOperator | undefined {
    return operatorOf(domain, name);
  }

  protected readerOf(...of: ReaderArguments<IntegerTensor>): IntegerReader {
    return new IntegerReader(of, this.#tensors);
  }

  protected valuesOf(node: IntegerReader, { make }: IntegerOperator): readonly Value<IntegerTensor>[] {
    return make(node).map((tensor) => ({ kind: "tensor", tensor }));
  }
}
