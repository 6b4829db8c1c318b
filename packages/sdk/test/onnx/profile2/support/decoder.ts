/** A language model in miniature, with all that a large one has: what it says is nothing, how it says it is the profile's. */
import { compile, DType, INTEGER_PROFILE, readModel, statedName, writeModel } from "../../../../src/onnx/index.ts";
import { GraphBuilder } from "../../../../src/onnx/GraphBuilder.ts";
import { Random } from "../../support/Random.ts";
import type { Case } from "../../support/Sketch.ts";

const { Uint8, Int32, Int64 } = DType;

/** Positions, width, heads, and the width of a head. */
export const LENGTH = 12;
const WIDTH = 16;
const HEADS = 2;
const HEAD = WIDTH / HEADS;
const VOCABULARY = 256;
const RESIDUAL = 2 ** 18;

/** Writes the graph of a decoder. Weights are drawn. */
class Decoder extends GraphBuilder {
  readonly #random = new Random(41);

  constructor() {
    super(17);
  }

  #cast(x: string, to: number): string {
    return this.node("Cast", [x], { attributes: { to } });
  }

  #clip(x: string, least: number, most: number): string {
    return this.node("Clip", [x, this.int32(least), this.int32(most)]);
  }

  #bytes(shape: readonly number[]): string {
    return this.uint8(
      this.#random.list(
        shape.reduce((a, b) => a * b, 1),
        () => this.#random.int(0, 255),
      ),
      shape,
    );
  }

  /** A matrix product, scaled to int32. */
  #dense(x: string, columns: number, depth: number, shift: number): string {
    const sums = this.node("MatMulInteger", [x, this.#bytes([depth, columns]), this.uint8(128), this.uint8(128)]);
    const factors = this.int64(this.#random.list(columns, () => this.#random.int(900, 1_100)));
    const scaled = this.node("Mul", [this.#cast(sums, Int64), factors]);
    return this.#cast(this.node("Div", [scaled, this.int64(1_024 * shift)]), Int32);
  }

  /** int32 as bytes around 128. */
  #toBytes(x: string): string {
    return this.#cast(this.#clip(this.node("Add", [x, this.int32(128)]), 0, 255), Uint8);
  }

  /** Rows over the root of the mean of their squares: an integer root by three rounds of Newton from a power of two. */
  #normalise(x: string): string {
    const wide = this.#cast(x, Int64);
    const squares = this.node("ReduceSum", [this.node("Mul", [wide, wide]), this.int64([-1])]);
    const mean = this.node("Add", [this.node("Div", [squares, this.int64(WIDTH)]), this.int64(1)]);
    const powers = this.int64(Array.from({ length: 40 }, (_, i) => 2 ** i));
    const reached = this.#cast(this.node("GreaterOrEqual", [mean, powers]), Int64);
    const bits = this.node("ReduceSum", [reached, this.int64([-1])]);
    let root = this.node("Gather", [this.int64(Array.from({ length: 41 }, (_, i) => 2 ** Math.ceil(i / 2))), bits]);
    for (let round = 0; round < 3; round += 1) {
      const next = this.node("Add", [this.node("Add", [root, this.node("Div", [mean, root])]), this.int64(2)]);
      root = this.#cast(this.#clip(this.#cast(this.node("Div", [next, this.int64(2)]), Int32), 1, 2 ** 30), Int64);
    }
    const normal = this.node("Div", [this.node("Mul", [wide, this.int64(48)]), root]);
    return this.#toBytes(this.#clip(this.#cast(normal, Int32), -1_000, 1_000));
  }

  /** Rows of a matrix as [heads, positions, width of a head]. */
  #heads(x: string): string {
    const split = this.node("Reshape", [x, this.int64([LENGTH, HEADS, HEAD])]);
    return this.node("Transpose", [split], { attributes: { perm: [1, 0, 2] } });
  }

  /** Turns pairs of numbers by an angle that grows with the position. */
  #rotate(x: string): string {
    const half = HEAD / 2;
    const turned = this.node("Gather", [x, this.int64(Array.from({ length: HEAD }, (_, i) => (i + half) % HEAD))], {
      attributes: { axis: 2 },
    });
    const table = (f: (angle: number) => number, sign: number) => {
      const at = (i: number) => (Math.floor(i / HEAD) * 1) / 10 ** ((i % half) / half);
      const signed = (i: number) => (i % HEAD < half ? sign : 1);
      const values = Array.from({ length: LENGTH * HEAD }, (_, i) => Math.round(signed(i) * f(at(i)) * 2 ** 14));
      return this.int32(values, [1, LENGTH, HEAD]);
    };
    const straight = this.node("Mul", [x, table(Math.cos, 1)]);
    const across = this.node("Mul", [turned, table(Math.sin, -1)]);
    return this.node("Div", [this.node("Add", [straight, across]), this.int32(2 ** 14)]);
  }

  #attend(x: string): string {
    const rows = this.#normalise(x);
    const [query, key, value] = [0, 1, 2].map(() =>
      this.#heads(this.#clip(this.#dense(rows, WIDTH, WIDTH, 512), -128, 127)),
    );
    const [q, k] = [query, key].map((side) => this.#toBytes(this.#rotate(side ?? "")));
    const turned = this.node("Transpose", [k ?? ""], { attributes: { perm: [0, 2, 1] } });
    const scores = this.node("MatMulInteger", [q ?? "", turned, this.uint8(128), this.uint8(128)]);
    const isSeen = Array.from({ length: LENGTH ** 2 }, (_, i) => i % LENGTH <= Math.floor(i / LENGTH));
    const masked = this.node("Where", [this.bool(isSeen, [LENGTH, LENGTH]), scores, this.int32(-(2 ** 30))]);
    const place = this.node("ArgMax", [masked], { attributes: { axis: 2 } });
    const most = this.node("GatherElements", [masked, place], { attributes: { axis: 2 } });
    const below = this.node("Div", [this.#clip(this.node("Sub", [most, masked]), 0, 10_000), this.int32(16)]);
    const table = Array.from({ length: 626 }, (_, i) => (i === 625 ? 0 : Math.round(255 * Math.exp(-i / 64))));
    const weights = this.node("Gather", [this.uint8(table), below]);
    const total = this.node("ReduceSum", [this.#cast(weights, Int32), this.int64([-1])]);
    const sums = this.node("MatMulInteger", [weights, this.#toBytes(value ?? ""), "", this.uint8(128)]);
    const mean = this.node("Div", [sums, this.#clip(total, 1, 2 ** 20)]);
    const back = this.node("Transpose", [this.#toBytes(this.#clip(mean, -999, 999))], {
      attributes: { perm: [1, 0, 2] },
    });
    return this.#dense(this.node("Reshape", [back, this.int64([LENGTH, WIDTH])]), WIDTH, WIDTH, 4);
  }

  #feedForward(x: string): string {
    const rows = this.#normalise(x);
    const [gate, up] = [512, 512].map((shift) => this.#clip(this.#dense(rows, 2 * WIDTH, WIDTH, shift), -128, 127));
    const silu = Array.from({ length: 256 }, (_, i) => Math.round((i - 128) / (1 + Math.exp((128 - i) / 16))));
    const open = this.node("Gather", [this.int32(silu), this.node("Add", [gate ?? "", this.int32(128)])]);
    const product = this.node("Div", [this.node("Mul", [open, up ?? ""]), this.int32(64)]);
    return this.#dense(this.#toBytes(this.#clip(product, -999, 999)), WIDTH, 2 * WIDTH, 4);
  }

  #add(x: string, y: string): string {
    return this.#clip(this.node("Add", [x, this.#clip(y, -RESIDUAL, RESIDUAL)]), -RESIDUAL, RESIDUAL);
  }

  /** Some noise for each position and token, which a seed decides. */
  #noise(seed: string): string {
    const scattered = this.node("Mul", [this.#cast(seed, Int64), this.int64(0x5a827999)]);
    const places = this.int64(
      Array.from({ length: LENGTH * VOCABULARY }, (_, i) => i * 0x478dde6f),
      [LENGTH, VOCABULARY],
    );
    const mixed = this.#cast(this.#cast(this.node("Add", [scattered, places]), Int32), Int64);
    const hash = this.#cast(this.node("Div", [this.node("Mul", [mixed, mixed]), this.int64(2 ** 15)]), Uint8);
    const table = Array.from({ length: 256 }, (_, i) => Math.round(-256 * Math.log(-Math.log((i + 0.5) / 256))));
    return this.node("Gather", [this.int32(table), this.#cast(hash, Int32)]);
  }

  /** Adds the whole model. `text` is the output, `text.stated` what it is said to be. */
  decode(layers: number): Uint8Array {
    const prompt = this.input("prompt", [LENGTH]);
    const limit = this.input("limit", [1], Int32);
    const seed = this.input("seed", [1], Int32);
    const temperature = this.input("temperature", [1], Int32);
    const stated = this.input(statedName("text"), [LENGTH]);
    const isPrompt = this.node("Greater", [prompt, this.uint8(0)]);
    const tokens = this.#cast(this.node("Where", [isPrompt, prompt, stated]), Int32);
    const embedding = this.int32(
      this.#random.list(VOCABULARY * WIDTH, () => this.#random.int(-4_096, 4_096)),
      [VOCABULARY, WIDTH],
    );
    let x = this.node("Gather", [embedding, tokens]);
    for (let layer = 0; layer < layers; layer += 1) {
      x = this.#add(x, this.#attend(x));
      x = this.#add(x, this.#feedForward(x));
    }
    const logits = this.#clip(this.#dense(this.#normalise(x), VOCABULARY, WIDTH, 16), -(2 ** 20), 2 ** 20);
    const heat = this.node("Mul", [this.#noise(seed), this.#clip(temperature, 0, 1_024)]);
    const chances = this.node("Add", [logits, this.node("Div", [heat, this.int32(256)])]);
    const next = this.#cast(this.node("ArgMax", [chances], { attributes: { axis: 1, keepdims: 0 } }), Int32);
    const ends = this.node("Equal", [tokens, this.int32(0)]);
    const follows = this.node("Where", [ends, this.int32(0), next]);
    const [before = "", last = ""] = this.split("Split", [follows, this.int64([LENGTH - 1, 1])], 2);
    const moved = this.node("Concat", [last, before], { attributes: { axis: 0 } });
    const places = Array.from({ length: LENGTH }, (_, i) => (i === 0 ? 2 ** 31 - 1 : i));
    const inTime = this.node("Where", [this.node("Less", [this.int32(places), limit]), moved, this.int32(0)]);
    const text = this.#cast(this.node("Where", [isPrompt, this.int32(0), inTime]), Uint8);
    this.output(text, [LENGTH]);
    return renamed(this.bytes(), text, "text");
  }
}

/** The file with another name for one tensor. */
function renamed(file: Uint8Array, from: string, to: string): Uint8Array {
  const model = readModel(file);
  const { graph } = model;
  if (graph === undefined) return file;
  const name = (given: string) => (given === from ? to : given);
  const node = graph.node.map((one) => ({ ...one, input: one.input.map(name), output: one.output.map(name) }));
  const output = graph.output.map((one) => ({ ...one, name: name(one.name ?? "") }));
  return writeModel({ ...model, graph: { ...graph, node, output } });
}

const int32 = (value: number) => ({ dtype: Int32, shape: [1], data: new Uint8Array(Int32Array.of(value).buffer) });

/** A text as the model reads it. */
export const textOf = (...bytes: readonly number[]) => {
  const data = new Uint8Array(LENGTH);
  data.set(bytes);
  return { dtype: Uint8, shape: [LENGTH], data };
};

/** The model, and an input: a prompt, and what is drawn by. */
export function decoderCase(layers = 2, seed = 7, temperature = 512): Required<Case> {
  const file = new Decoder().decode(layers);
  const inputs = [textOf(84, 104, 101), int32(10), int32(seed), int32(temperature)];
  return { file, program: compile(file, INTEGER_PROFILE), inputs, stated: [textOf()] };
}
