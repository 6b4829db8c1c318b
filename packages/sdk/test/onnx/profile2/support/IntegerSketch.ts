import type { Tensor } from "../../../../src/codecs/tensor.ts";
import { compile, DType, INTEGER_PROFILE, ModelRefusedError } from "../../../../src/onnx/index.ts";
import { GraphBuilder, type NodeOptions } from "../../../../src/onnx/GraphBuilder.ts";
import { sizeOf } from "../../../../src/onnx/layout.ts";
import { Random } from "../../support/Random.ts";
import type { Case } from "../../support/Sketch.ts";

export const { Uint8, Int32, Int64, Bool } = DType;

/** A tensor of a graph that is being drawn. */
export interface Drawn {
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
}

type Attributes = NonNullable<NodeOptions["attributes"]>;

/** Bits of each type of numbers, and whether one of them is a sign. */
const WIDTHS: ReadonlyMap<number, readonly [bits: number, isSigned: boolean]> = new Map([
  [Uint8, [8, false]],
  [Int32, [32, true]],
  [Int64, [64, true]],
]);

/** The least and the largest number of a type. */
export function endsOf(dtype: number): readonly [least: bigint, most: bigint] {
  const [bits, isSigned] = WIDTHS.get(dtype) ?? [1, false];
  return isSigned ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
}

/** A number of a type: any, one near 0, near a power of two, or near an end. */
export function drawNumber(random: Random, dtype: number): bigint {
  const [least, most] = endsOf(dtype);
  const near = BigInt(random.int(-2, 2));
  const power = 2n ** BigInt(random.int(0, (WIDTHS.get(dtype)?.[0] ?? 1) - 1));
  const any = (BigInt(random.int(0, 2 ** 32 - 1)) << 32n) | BigInt(random.int(0, 2 ** 32 - 1));
  const within = least + (any % (most - least + 1n));
  const drawn = random.pick([within, within, near, power + near, near - power, least + near, most + near]);
  return drawn < least ? least : drawn > most ? most : drawn;
}

/** Numbers as the bytes of a tensor. */
export function bytesOf(dtype: number, numbers: readonly bigint[]): Uint8Array {
  if (dtype === Int64) return new Uint8Array(BigInt64Array.from(numbers).buffer);
  if (dtype === Int32) return new Uint8Array(Int32Array.from(numbers, Number).buffer);
  return Uint8Array.from(numbers, Number);
}

/** A random graph of exact integers while it is drawn. */
export class IntegerSketch {
  readonly random: Random;
  readonly graph: GraphBuilder;
  readonly opset: number;
  readonly #inputs: Tensor[] = [];
  readonly #unread = new Map<string, Drawn>();

  constructor(random: Random) {
    this.random = random;
    this.opset = random.int(13, 18);
    this.graph = new GraphBuilder(this.opset);
  }

  input(dtype: number, shape: readonly number[]): Drawn {
    const name = this.graph.input(`in${this.#inputs.length}`, shape, dtype);
    const numbers = this.random.list(sizeOf(shape), () => drawNumber(this.random, dtype));
    this.#inputs.push({ dtype, shape, data: bytesOf(dtype, numbers) });
    return this.#note({ name, dtype, shape });
  }

  /** An initialiser of random numbers, or of given ones. */
  constant(dtype: number, shape: readonly number[], draw = () => drawNumber(this.random, dtype)): Drawn {
    const numbers = this.random.list(sizeOf(shape), draw);
    return { name: this.graph.tensor(dtype, shape, bytesOf(dtype, numbers)), dtype, shape };
  }

  scalar(dtype: number, value: bigint): string {
    return this.graph.tensor(dtype, [], bytesOf(dtype, [value]));
  }

  #note(drawn: Drawn): Drawn {
    this.#unread.set(drawn.name, drawn);
    return drawn;
  }

  /** Adds a node. `made` is what it makes, but for the name. */
  node(opType: string, inputs: readonly string[], made: Omit<Drawn, "name">, attributes: Attributes = {}): Drawn {
    for (const input of inputs) this.#unread.delete(input);
    return this.#note({ ...made, name: this.graph.node(opType, inputs, { attributes }) });
  }

  /** Adds a node that makes several tensors. */
  nodes(opType: string, inputs: readonly string[], made: readonly Omit<Drawn, "name">[], attributes: Attributes = {}) {
    for (const input of inputs) this.#unread.delete(input);
    const names = this.graph.split(opType, inputs, made.length, { attributes });
    return made.map((one, i) => this.#note({ ...one, name: names[i] ?? "" }));
  }

  cast(x: Drawn, to: number): Drawn {
    return x.dtype === to ? x : this.node("Cast", [x.name], { ...x, dtype: to }, { to });
  }

  /** An int32 or uint8 tensor between two numbers. */
  clip(x: Drawn, least: bigint, most: bigint): Drawn {
    return this.node("Clip", [x.name, this.scalar(x.dtype, least), this.scalar(x.dtype, most)], x);
  }

  /** The model. What nothing reads is an output; truths as bytes. */
  finish(): Case {
    for (const drawn of [...this.#unread.values()]) {
      const { name, dtype, shape } = drawn.dtype === Bool ? this.cast(drawn, Uint8) : drawn;
      this.graph.output(name, shape, dtype);
    }
    const file = this.graph.bytes();
    return { file, program: compile(file, INTEGER_PROFILE), inputs: this.#inputs };
  }
}

/** What `draw` makes of a sketch. What the compiler refuses, because a number may be too large for example, is drawn again. */
export function drawIntegers(seed: number, draw: (sketch: IntegerSketch) => void): Case {
  const random = new Random(seed);
  let last: unknown;
  for (let tries = 0; tries < 200; tries += 1) {
    const sketch = new IntegerSketch(random);
    try {
      draw(sketch);
      return sketch.finish();
    } catch (error) {
      if (!(error instanceof ModelRefusedError)) throw error;
      last = error;
    }
  }
  throw last;
}

/** A shape of few elements. */
export function drawShape(random: Random, least = 1): readonly number[] {
  const rank = random.int(least, 4);
  return random.list(rank, () => random.pick([1, 2, 3, random.int(1, 9), random.int(1, rank < 3 ? 40 : 9)]));
}
