import { nth } from "../../kernels/kernel.ts";
import { sizeOf } from "../../layout.ts";
import { expand, type Section } from "./expand.ts";
import type { Integers } from "./integers.ts";
import type { MapPlan } from "./MapPlan.ts";
import { loadBigs, loadDoubles, type Vector } from "./vectors.ts";

/** Elements that are computed together: few enough that all that is made of them stays in the caches of a processor. */
export const BLOCK = 2_048;

/** One way to compute: with doubles, or with 64-bit integers. */
export interface Mode<V extends Vector> {
  readonly make: (length: number) => V;
  readonly load: (from: Integers | Vector, start: number, count: number, into: V) => V;
}

export const DOUBLES: Mode<Float64Array> = { make: (length) => new Float64Array(length), load: loadDoubles };
export const BIGS: Mode<BigInt64Array> = { make: (length) => new BigInt64Array(length), load: loadBigs };

/** A value in a block, one number after the other; or one number for all. */
export interface Values<V extends Vector> {
  readonly numbers: V;
  /** 1, or 0 if one is for all. */
  readonly step: number;
}

/** The values of a MAP in the block that is computed, as they are computed with. */
export class Operands<V extends Vector> {
  readonly #mode: Mode<V>;
  readonly #plan: MapPlan;
  /** All numbers of what is read, and of what other blocks take. */
  readonly #whole: readonly (Integers | Vector | undefined)[];
  /** The same as they are computed with, of what is smaller than what it is broadcast to. */
  readonly #small = new Map<number, V>();
  readonly #buffers = new Map<number, V>();
  readonly #filled = new Set<number>();

  constructor(mode: Mode<V>, plan: MapPlan, whole: readonly (Integers | Vector | undefined)[]) {
    this.#mode = mode;
    this.#plan = plan;
    this.#whole = whole;
  }

  /** Forgets the values of the last block. */
  clear(): void {
    this.#filled.clear();
  }

  /** A value that was put into this block. */
  filled(value: number): V | undefined {
    return this.#filled.has(value) ? this.#buffers.get(value) : undefined;
  }

  /** Where a value of this block is to be put. */
  put(value: number): V {
    const buffer = this.#buffers.get(value) ?? this.#mode.make(BLOCK);
    this.#buffers.set(value, buffer);
    this.#filled.add(value);
    return buffer;
  }

  /** A value in a block. @param doubles what was put into the block in another way. */
  take(value: number, section: Section, doubles?: Pick<Operands<Float64Array>, "filled">): Values<V> {
    const known = this.filled(value);
    if (known !== undefined) return { numbers: known, step: 1 };
    const { load } = this.#mode;
    const filled = doubles?.filled(value);
    if (filled !== undefined) return { numbers: load(filled, 0, section.count, this.put(value)), step: 1 };
    const shape = nth(this.#plan.shapes, value);
    if (sizeOf(shape) === 1) return { numbers: this.#smallOf(value), step: 0 };
    if (shape.join() !== section.shape.join())
      return { numbers: expand(this.#smallOf(value), shape, section, this.put(value)), step: 1 };
    return { numbers: load(this.#wholeOf(value), section.from, section.count, this.put(value)), step: 1 };
  }

  #smallOf(value: number): V {
    const whole = this.#wholeOf(value);
    const { make, load } = this.#mode;
    const small = this.#small.get(value) ?? load(whole, 0, whole.length, make(whole.length));
    this.#small.set(value, small);
    return small;
  }

  #wholeOf(value: number): Integers | Vector {
    const whole = this.#whole[value];
    if (whole === undefined) throw new RangeError(`A MAP takes the value ${value} before it is there.`);
    return whole;
  }
}
