import { joinBytes } from "../../../codecs/joinBytes.ts";
import type { Constant } from "../../compile/constant.ts";
import type { Made } from "../../compile/made.ts";
import { commit, sizeOf } from "../../layout.ts";
import { CONSTANT, Layout, type Ref } from "../../program.ts";
import { instructionOf } from "../mapProgram.ts";
import { IntegerOpcode, MapOp } from "../program.ts";
import { onlyValueOf } from "../compile/constants.ts";
import type { Elements, IntegerTensor } from "../compile/IntegerTensor.ts";
import { rowsOf, type RefOf, Unit } from "./Unit.ts";

const MAX_INPUTS = 16;
const MAX_ATTRS = 160;
const MAX_INSTRUCTIONS = 120;

/** A tensor whose elements are computed in place. */
type Computed = IntegerTensor & { readonly origin: Elements };

/** What a MAP reads and computes. */
interface MapProgram {
  readonly tensors: readonly IntegerTensor[];
  /** Of more than one element: the others are instructions. */
  readonly constants: readonly Constant[];
  readonly tables: readonly Constant[];
  readonly instructions: number;
  readonly attrs: readonly bigint[];
}

/** One MAP: the elements of a tensor, and of those before it that nothing else reads. */
export class MapUnit extends Unit {
  /** In the order of their places. */
  #computed: readonly Computed[];
  #program: MapProgram;

  constructor(root: Computed) {
    super(root);
    this.#computed = [root];
    this.#program = programOf(this.#computed);
  }

  get reads(): readonly IntegerTensor[] {
    return this.#program.tensors;
  }

  join(tensor: IntegerTensor): boolean {
    if (!isComputed(tensor)) return false;
    const computed = [...this.#computed, tensor].sort((a, b) => a.place - b.place);
    const program = programOf(computed);
    const { tensors, constants, tables, instructions, attrs } = program;
    if (tensors.length + constants.length + tables.length > MAX_INPUTS) return false;
    if (instructions > MAX_INSTRUCTIONS || attrs.length > MAX_ATTRS) return false;
    this.#computed = computed;
    this.#program = program;
    return true;
  }

  made(refOf: RefOf): Made {
    const { tensors, constants, tables, attrs } = this.#program;
    const held = [...constants, ...tables];
    return {
      opcode: IntegerOpcode.Map,
      ...rowsOf(this.root),
      inputs: [...tensors.map(refOf), ...held.map(refOfConstant)],
      attrs,
      constants: joinBytes(held.map((constant) => commit({ ...constant, layout: Layout.Rows }, constant.bytes))),
    };
  }
}

export const isComputed = (tensor: IntegerTensor): tensor is Computed => tensor.origin.kind === "elements";

export const refOfConstant = ({ dtype, shape }: Constant): Ref => ({
  from: CONSTANT,
  layout: Layout.Rows,
  dtype,
  shape,
});

/** Numbers what is read in the order in which it is read first: tensors, then constants, then tables. */
function programOf(computed: readonly Computed[]): MapProgram {
  const inner = new Set<IntegerTensor>(computed);
  const read = new Set(computed.flatMap(({ origin }) => origin.operands).filter((operand) => !inner.has(operand)));
  const tensors = [...read].filter(({ origin }) => origin.kind !== "constant");
  const constants = [...read].flatMap(({ origin }) => (origin.kind === "constant" ? [origin.constant] : []));
  const large = constants.filter(({ shape }) => sizeOf(shape) > 1);
  const tables = [...new Set(computed.flatMap(({ origin: { table } }) => table ?? []))];
  const writer = new Writer(tensors, large, tables);
  for (const tensor of computed) writer.write(tensor);
  return { tensors, constants: large, tables, instructions: writer.count, attrs: writer.attrs };
}

/** Writes the instructions of a MAP. */
class Writer {
  readonly attrs: bigint[];
  /** Values that are no operands. */
  count = 0;
  readonly #operands: number;
  readonly #tables: readonly Constant[];
  /** Numbers of the values of tensors. */
  readonly #numbers = new Map<IntegerTensor | Constant, number>();
  /** Numbers of the values of instructions that are constants. */
  readonly #given = new Map<bigint, number>();

  constructor(tensors: readonly IntegerTensor[], constants: readonly Constant[], tables: readonly Constant[]) {
    for (const [i, operand] of [...tensors, ...constants].entries()) this.#numbers.set(operand, i);
    this.#operands = tensors.length + constants.length;
    this.#tables = tables;
    this.attrs = [BigInt(this.#operands)];
  }

  write(tensor: Computed): void {
    const { op, operands, table } = tensor.origin;
    const values = operands.map((operand) => this.#numberOf(operand));
    if (table !== undefined) values.push(this.#operands + this.#tables.indexOf(table));
    this.#numbers.set(tensor, op === undefined ? (values[0] ?? 0) : this.#push(op, values));
  }

  #numberOf(operand: IntegerTensor): number {
    const { origin } = operand;
    const known = this.#numbers.get(origin.kind === "constant" ? origin.constant : operand);
    if (known !== undefined) return known;
    const value = origin.kind === "constant" ? onlyValueOf(origin.constant) : undefined;
    if (value === undefined) throw new RangeError(`${operand.name} comes after what reads it.`);
    const number = this.#given.get(value) ?? this.#push(MapOp.Const, []);
    if (!this.#given.has(value)) this.attrs.push(value);
    this.#given.set(value, number);
    return number;
  }

  #push(op: MapOp, values: readonly number[]): number {
    const [a, b, c] = values;
    this.attrs.push(instructionOf(op, a, b, c));
    this.count += 1;
    return this.#operands + this.count - 1;
  }
}
