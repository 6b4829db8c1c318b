import { GraphBuilder, type NodeOptions } from "../../../src/onnx/GraphBuilder.ts";
import { DType, tune } from "../../../src/onnx/index.ts";
import { sizeOf } from "../../../src/onnx/layout.ts";
import { Random } from "./Random.ts";
import type { Drawn } from "./Sketch.ts";

/** What all layers make: bytes of one scale, around a zero point or, where what is negative is cut off, from 0 up. */
const SCALE = 2 ** -5;
const CENTRE = 128;
/** How far the bytes of a tensor are from its zero point, in the mean of squares. */
const spreadOf = ({ zero }: Drawn): number => (zero === 0 ? 45 : 70);
/** The same of weights drawn from -64 to 64. */
const WEIGHT_SPREAD = 37;
const WANTED_SPREAD = 64;

/** A convolution. What is left out is 1, or pads that keep the size of the image. */
interface Kernel {
  readonly channels: number;
  readonly size: number;
  readonly stride?: number;
  readonly group?: number;
  /** 0 cuts off what is negative. */
  readonly zero?: number;
}

/**
 * A network whose layers are given and whose weights are drawn: nobody has trained it. Weights are scaled so that bytes
 * neither die out nor all saturate, however deep it is. The same for the same seed.
 */
export class Network {
  readonly #graph = new GraphBuilder();
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  image(shape: readonly number[]): Drawn {
    return { name: this.#graph.input("image", shape), shape, scale: SCALE, zero: CENTRE };
  }

  /** An input of floats, quantised. */
  floats(shape: readonly number[]): Drawn {
    const made = { shape, scale: SCALE, zero: CENTRE };
    const name = this.#graph.input("values", shape, DType.Float);
    return this.#node("QuantizeLinear", [name, ...this.#quantisation(made)], made);
  }

  conv(x: Drawn, { channels, size, stride = 1, group = 1, zero = 0 }: Kernel): Drawn {
    const [n = 1, depth = 1, ...sides] = x.shape;
    const pad = (size - 1) / 2;
    const shape = [n, channels, ...sides.map((side) => Math.floor((side + 2 * pad - size) / stride) + 1)];
    const weights = [channels, depth / group, size, size];
    const made = { shape, scale: SCALE, zero };
    const inputs = this.#products(x, made, weights, (depth / group) * size ** 2, channels);
    const pads = [pad, pad, pad, pad];
    return this.#node("QLinearConv", inputs, made, { group, strides: [stride, stride], pads });
  }

  /** A layer whose every output reads every input. */
  dense(x: Drawn, columns: number, zero = CENTRE): Drawn {
    const [rows = 1, depth = 1] = x.shape;
    const made = { shape: [rows, columns], scale: SCALE, zero };
    const [bias = "", ...rest] = this.#products(x, made, [columns, depth], depth, columns).toReversed();
    const [yZero = "", yScale = "", ...operands] = rest;
    return this.#node("QGemm", [...operands.toReversed(), bias, yScale, yZero], made, { transB: 1 });
  }

  add(a: Drawn, b: Drawn): Drawn {
    const made = { shape: a.shape, scale: Math.fround(1.4 * SCALE), zero: CENTRE };
    const operands = [a, b].flatMap((x) => [x.name, ...this.#quantisation(x)]);
    return this.#node("QLinearAdd", [...operands, ...this.#quantisation(made)], made);
  }

  maxPool(x: Drawn, size: number): Drawn {
    const [n = 1, c = 1, ...sides] = x.shape;
    const made = { ...x, shape: [n, c, ...sides.map((side) => side / size)] };
    return this.#node("MaxPool", [x.name], made, { kernel_shape: [size, size], strides: [size, size] });
  }

  /** The mean of each channel as a row. */
  average(x: Drawn): Drawn {
    const [n = 1, c = 1] = x.shape;
    const made = { shape: [n, c, 1, 1], scale: SCALE / 2, zero: 0 };
    const inputs = [x.name, ...this.#quantisation(x), ...this.#quantisation(made)];
    const mean = this.#node("QLinearGlobalAveragePool", inputs, made, { channels_last: 0 });
    return this.flatten(mean);
  }

  flatten(x: Drawn): Drawn {
    const [n = 1, ...rest] = x.shape;
    return this.#node("Flatten", [x.name], { ...x, shape: [n, sizeOf(rest)] });
  }

  leakyRelu(x: Drawn): Drawn {
    const made = { shape: x.shape, scale: SCALE, zero: 30 };
    const inputs = [x.name, ...this.#quantisation(x), ...this.#quantisation(made)];
    return this.#node("QLinearLeakyRelu", inputs, made, { alpha: { float: 0.25 } });
  }

  /** Channels of one after channels of the other. */
  concat(a: Drawn, b: Drawn): Drawn {
    const [n = 1, c = 1, ...sides] = a.shape;
    const made = { shape: [n, c + (b.shape[1] ?? 1), ...sides], scale: SCALE, zero: CENTRE };
    const operands = [a, b].flatMap((x) => [x.name, ...this.#quantisation(x)]);
    return this.#node("QLinearConcat", [...this.#quantisation(made), ...operands], made, { axis: 1 });
  }

  /** Makes the classes' values, and the largest of them, outputs of the graph. */
  classes(x: Drawn): void {
    const [n = 1] = x.shape;
    const values = this.#node("DequantizeLinear", [x.name, ...this.#quantisation(x)], x);
    this.#graph.output(values.name, x.shape, DType.Float);
    const largest = this.#node("ArgMax", [x.name], x, { axis: 1 });
    this.#graph.output(largest.name, [n, 1], DType.Int64);
  }

  /** The file, its sums of tensors portable. */
  file(): Uint8Array {
    return tune(this.#graph.bytes()).model;
  }

  /** All operands of a layer of products: what it reads, weights, how the result is quantised, bias. */
  #products(x: Drawn, made: Omit<Drawn, "name">, shape: readonly number[], depth: number, count: number) {
    const random = this.#random;
    const combined = WANTED_SPREAD / (Math.sqrt(depth) * WEIGHT_SPREAD * spreadOf(x));
    const weights = Array.from({ length: sizeOf(shape) }, () => random.int(-64, 64));
    const scale = Math.fround((combined * made.scale) / x.scale);
    const biases = Array.from({ length: count }, () => Math.round(random.real(-20, 20) / combined));
    const named = [this.#graph.int8(weights, shape), this.#graph.float(scale), this.#graph.int8(0)];
    return [x.name, ...this.#quantisation(x), ...named, ...this.#quantisation(made), this.#graph.int32(biases)];
  }

  #quantisation({ scale, zero }: Pick<Drawn, "scale" | "zero">): readonly [string, string] {
    return [this.#graph.float(scale), this.#graph.uint8(zero)];
  }

  #node(
    opType: string,
    inputs: readonly string[],
    { shape, scale, zero }: Omit<Drawn, "name">,
    attributes: NonNullable<NodeOptions["attributes"]> = {},
  ): Drawn {
    return { name: this.#graph.node(opType, inputs, { attributes }), shape, scale, zero };
  }
}
