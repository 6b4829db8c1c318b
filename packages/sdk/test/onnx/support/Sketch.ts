import type { Tensor } from "../../../src/codecs/tensor.ts";
import { compile, DType, ModelRefusedError, type Program, tune } from "../../../src/onnx/index.ts";
import { GraphBuilder, type NodeOptions } from "../../../src/onnx/GraphBuilder.ts";
import { sizeOf } from "../../../src/onnx/layout.ts";
import { Random } from "./Random.ts";

/** A tensor of bytes in a graph that is being drawn, and what its bytes stand for. */
export interface Drawn {
  readonly name: string;
  readonly shape: readonly number[];
  readonly scale: number;
  readonly zero: number;
}

/** A model of the profile, and an input for it. */
export interface Case {
  readonly file: Uint8Array;
  readonly program: Program;
  readonly inputs: readonly Tensor[];
  /** The outputs that a statement states, where the model reads them. */
  readonly stated?: readonly Tensor[];
}

/** A random graph while it is drawn. */
export class Sketch {
  readonly random: Random;
  readonly graph: GraphBuilder;
  readonly opset: number;
  readonly #inputs: Tensor[] = [];
  readonly #unread = new Map<string, Drawn>();

  constructor(random: Random) {
    this.random = random;
    this.opset = random.pick([13, 17, 21]);
    this.graph = new GraphBuilder(this.opset);
  }

  /** An input of the graph, of bytes or of floats that are quantised. */
  input(shape: readonly number[]): Drawn {
    const { random } = this;
    if (random.chance(0.3)) return this.floatInput(shape);
    const name = this.graph.input(`in${this.#inputs.length}`, shape);
    this.#inputs.push({ dtype: DType.Uint8, shape, data: random.bytes(sizeOf(shape)) });
    return { name, shape, scale: random.scale(-7, -2), zero: random.zero() };
  }

  /** A float input and its QuantizeLinear: half of the values lie half-way between two bytes, or beyond both ends. */
  floatInput(shape: readonly number[]): Drawn {
    const { random } = this;
    const [scale, zero] = [random.scale(-7, -2), random.zero()];
    const odd = () => random.pick([Infinity, -Infinity, -0, 3e38, -3e38, 1e-45, 2 ** 31 * scale, scale * 2 ** 24 + 1]);
    const value = () => {
      if (random.chance(0.02)) return odd();
      const units = random.int(-zero - 8, 263 - zero);
      return random.chance(0.5) ? (units + 0.5) * scale : random.real(units, units + 1) * scale;
    };
    const name = this.graph.input(`in${this.#inputs.length}`, shape, DType.Float);
    const floats = Float32Array.from({ length: sizeOf(shape) }, value);
    this.#inputs.push({ dtype: DType.Float, shape, data: new Uint8Array(floats.buffer) });
    return this.node("QuantizeLinear", [name, ...this.quantisation({ scale, zero })], { shape, scale, zero });
  }

  /** The names of a scale and a zero point. */
  quantisation({ scale, zero }: Pick<Drawn, "scale" | "zero">): readonly [string, string] {
    return [this.graph.float(scale), this.graph.uint8(zero)];
  }

  /** Adds a node. `made` is what it makes, but for the name. */
  node(
    opType: string,
    inputs: readonly string[],
    { shape, scale, zero }: Omit<Drawn, "name">,
    attributes: NonNullable<NodeOptions["attributes"]> = {},
  ): Drawn {
    for (const input of inputs) this.#unread.delete(input);
    const drawn = { name: this.graph.node(opType, inputs, { attributes }), shape, scale, zero };
    this.#unread.set(drawn.name, drawn);
    return drawn;
  }

  /** Adds an operator that makes an output of the graph which nothing can read. */
  end(opType: string, inputs: readonly string[], dtype: number, shape: readonly number[], axis?: number): void {
    for (const input of inputs) this.#unread.delete(input);
    const attributes = axis === undefined ? {} : { axis };
    this.graph.output(this.graph.node(opType, inputs, { attributes }), shape, dtype);
  }

  /** The model. What nothing reads is an output. */
  finish(): Case {
    for (const { name, shape } of this.#unread.values()) this.graph.output(name, shape);
    const file = tune(this.graph.bytes()).model;
    return { file, program: compile(file), inputs: this.#inputs };
  }
}

/** What `draw` makes of a sketch. What the compiler refuses, for a scale out of range for example, is drawn again. */
export function drawCase(seed: number, draw: (sketch: Sketch) => void): Case {
  const random = new Random(seed);
  let last: unknown;
  for (let tries = 0; tries < 50; tries += 1) {
    const sketch = new Sketch(random);
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
