import { nth } from "../../kernels/kernel.ts";
import { sizeOf } from "../../layout.ts";
import { type Bounds, fits } from "../compile/bounds.ts";
import { NOTHING, reachOf } from "../compile/reach.ts";
import { COMPUTE } from "../mapProgram.ts";
import { MapOp } from "../program.ts";
import { LOOPS } from "./doubles.ts";
import type { Section } from "./expand.ts";
import type { Instruction } from "./instructions.ts";
import type { Integers } from "./integers.ts";
import type { MapPlan, Numbered, Stage } from "./MapPlan.ts";
import { BIGS, BLOCK, DOUBLES, Operands, type Values } from "./Operands.ts";
import { boundsIn, EXACT, loadDoubles, store, type Vector } from "./vectors.ts";

const NO_DOUBLES: Values<Float64Array> = { numbers: new Float64Array(1), step: 0 };
const NO_BIGS: Values<BigInt64Array> = { numbers: new BigInt64Array(1), step: 0 };
const NO_TABLE = new Int32Array();

/**
 * One run of a MAP. Bounds of what it reads bound all that it computes: what is exact in doubles is computed in doubles, the rest
 * in 64-bit integers.
 */
export class MapRun {
  readonly #plan: MapPlan;
  readonly #bounds: Bounds[];
  readonly #isExact: readonly boolean[];
  /** Numbers of operands, and of values that are kept. */
  readonly #whole: (Integers | Vector | undefined)[];
  readonly #doubles: Operands<Float64Array>;
  readonly #bigs: Operands<BigInt64Array>;

  /** @param read numbers of the operands, the constants among them. */
  constructor(plan: MapPlan, read: readonly Integers[]) {
    this.#plan = plan;
    this.#whole = [...read];
    this.#doubles = new Operands(DOUBLES, plan, this.#whole);
    this.#bigs = new Operands(BIGS, plan, this.#whole);
    this.#bounds = read.map((numbers, i) => plan.held[i]?.bounds ?? boundsIn(numbers));
    for (const instruction of plan.instructions) this.#bounds.push(this.#boundsOf(instruction));
    this.#isExact = this.#bounds.map((bounds) => fits(bounds, EXACT));
  }

  #boundsOf({ op, values, constant, table }: Instruction): Bounds {
    if (op === MapOp.Const) return { low: constant, high: constant };
    if (op === MapOp.Table) return this.#plan.held[table]?.bounds ?? NOTHING;
    return reachOf(op, values, (value) => nth(this.#bounds, value));
  }

  /** Computes the last value into an array of its shape. */
  run(last: Integers): void {
    const number = this.#plan.shapes.length - 1;
    if (number < this.#plan.operands) {
      const only = nth(this.#whole, number) as Integers;
      store(only instanceof BigInt64Array ? only : Float64Array.from(only), last, 0, last.length);
    }
    this.#whole[number] = last;
    for (const stage of this.#plan.stages) this.#runStage(stage);
  }

  #runStage({ shape, instructions }: Stage): void {
    const size = sizeOf(shape);
    for (const { number } of instructions)
      if (this.#plan.kept.has(number))
        this.#whole[number] ??= this.#isExact[number] === true ? new Float64Array(size) : new BigInt64Array(size);
    for (let from = 0; from < size; from += BLOCK) {
      const section = { shape, from, count: Math.min(BLOCK, size - from) };
      for (const instruction of instructions) this.#compute(instruction, section);
      this.#doubles.clear();
      this.#bigs.clear();
    }
  }

  #compute(instruction: Numbered, section: Section): void {
    const { op, number, values } = instruction;
    // What else a division can be is none of the profile, but has to be the same everywhere.
    const isSafe = op !== MapOp.Div || nth(this.#bounds, values[1] ?? 0).low >= 1n;
    const isExact = isSafe && [number, ...values].every((value) => this.#isExact[value]);
    const made = isExact ? this.#computeDoubles(instruction, section) : this.#computeBigs(instruction, section);
    if (this.#plan.kept.has(number)) store(made, nth(this.#whole, number) as Vector, section.from, section.count);
  }

  #computeDoubles({ op, number, values, constant, table }: Numbered, section: Section): Vector {
    const [a = NO_DOUBLES, b = NO_DOUBLES, c = NO_DOUBLES] = values.map((value) => this.#doubles.take(value, section));
    const out = this.#doubles.put(number);
    if (op === MapOp.Const) out.fill(Number(constant));
    else if (op === MapOp.Table) lookUp(out, section.count, a, this.#plan.held[table]?.numbers ?? NO_TABLE);
    else LOOPS[op](out, section.count, a, b, c);
    return out;
  }

  #computeBigs({ op, number, values, constant, table }: Numbered, section: Section): Vector {
    const taken = values.map((value) => this.#bigs.take(value, section, this.#doubles));
    const [a = NO_BIGS, b = NO_BIGS, c = NO_BIGS] = taken;
    const out = this.#bigs.put(number);
    const entries = this.#plan.held[table]?.numbers ?? NO_TABLE;
    const at = ({ numbers, step }: Values<BigInt64Array>, i: number) => numbers[i * step] as bigint;
    for (let i = 0; i < section.count; i += 1)
      if (op === MapOp.Const) out[i] = constant;
      else if (op === MapOp.Table) out[i] = BigInt(entries[Number(at(a, i))] ?? 0);
      else out[i] = COMPUTE[op](at(a, i), at(b, i), at(c, i));
    return this.#isExact[number] === true ? loadDoubles(out, 0, section.count, this.#doubles.put(number)) : out;
  }
}

/** Where there is no such entry nothing is right, but it has to be the same everywhere. */
function lookUp(out: Float64Array, count: number, { numbers, step }: Values<Float64Array>, entries: Integers): void {
  for (let i = 0, at = 0; i < count; i += 1, at += step) out[i] = Number(entries[numbers[at] as number] ?? 0);
}
