/** Random nodes of every operator of the profile, hard ones often: ties, both ends, sums beyond 2^24, odd shapes. */
import { DType } from "../../../src/onnx/index.ts";
import { sizeOf } from "../../../src/onnx/layout.ts";
import type { Random } from "./Random.ts";
import type { Drawn, Sketch } from "./Sketch.ts";

/** Adds a node that reads `x`. */
export type Operator = (sketch: Sketch, x: Drawn) => Drawn;

/** Weights with their scales and zero point, as inputs of a node. */
interface Weights {
  /** Weights, scale, zero point. */
  readonly names: readonly string[];
  readonly scale: number;
}

/** Zero points of weights: one, one for each column (all equal, or any), or as many as scales. */
type Zeros = "one" | "equal" | "any" | "alike";

function weightsOf(
  { random, graph }: Sketch,
  shape: readonly number[],
  columns: number,
  zeros: readonly Zeros[],
): Weights {
  const isSigned = random.chance(0.6);
  const [least, most] = isSigned ? [-64, 64] : [0, 255];
  const isExtreme = random.chance(0.3);
  const onlyMost = random.chance(0.2);
  const draw = () => (isExtreme ? (onlyMost ? most : random.pick([least, most])) : random.int(least, most));
  const values = random.list(sizeOf(shape), draw);
  const drawZero = () => (isSigned ? random.pick([0, 0, -128, 127, random.int(-64, 64)]) : random.zero());
  const scale = random.scale(-9, -3);
  const spread = () => Math.fround(scale * random.pick([1, 0.5, random.real(0.5, 1)]));
  const scales = random.chance(0.5) ? random.list(columns, spread) : scale;
  const kind = random.pick(zeros);
  const zero = drawZero();
  const isOne = kind === "one" || (kind === "alike" && typeof scales === "number");
  const points = isOne ? zero : random.list(columns, () => (kind === "equal" ? zero : drawZero()));
  const names = isSigned
    ? [graph.int8(values, shape), graph.float(scales), graph.int8(points)]
    : [graph.uint8(values, shape), graph.float(scales), graph.uint8(points)];
  return { names, scale };
}

/** A scale for sums of so many products that leaves some of them between both ends. */
function sumScale(random: Random, products: number, x: Drawn, weights: Weights): number {
  const usual = -(Math.log2(products) * random.pick([0.5, 1]) + random.real(4, 10));
  const exponent = random.chance(0.1) ? random.real(-30, 6) : usual;
  const ratio = random.chance(0.4) ? 2 ** Math.round(exponent) : 2 ** exponent;
  return Math.min(Math.max(Math.fround((x.scale * weights.scale) / ratio), 2 ** -30), 2 ** 7.9);
}

/** One of three: none, one like the sums, one that brings sums beyond 2^24. */
function biasOf({ random, graph }: Sketch, count: number, products: number): readonly string[] {
  const room = Math.min(2 ** 30, 2 ** 31 - 1 - products * 65_025);
  const most = random.pick([0, 40 * products, room]);
  return most === 0 ? [] : [graph.int32(random.list(count, () => random.int(-most, most)))];
}

const windowed = (size: number, kernel: number, stride: number, dilation: number, pads: number): number =>
  Math.floor((size + pads - dilation * (kernel - 1) - 1) / stride) + 1;

export const conv: Operator = (sketch, x) => {
  const { random } = sketch;
  const [n = 1, c = 1, ...image] = x.shape;
  const group = random.pick([1, 1, 1, c, ...[2, 3, 4].filter((divisor) => c % divisor === 0)]);
  const perGroup = random.pick([1, 2, random.int(3, 5), random.int(6, 40)]);
  const count = group * (c / group > 1 || c === 1 ? perGroup : random.int(1, 2));
  const dilations = random.list(2, () => random.pick([1, 1, 1, 2, 3]));
  const strides = random.list(2, () => random.pick([1, 1, 2, 3]));
  const kernel = image.map((size, i) =>
    Math.max(1, Math.min(random.int(1, 5), Math.floor((size - 1) / (dilations[i] ?? 1)) + 1)),
  );
  const pads = random.list(4, () => random.pick([0, 0, 1, 1, 2, 3]));
  const automatic = random.pick([undefined, undefined, "SAME_UPPER", "SAME_LOWER", "VALID"]);
  const output = image.map((size, i) => {
    const stride = strides[i] ?? 1;
    if (automatic?.startsWith("SAME") === true) return Math.ceil(size / stride);
    const padded = automatic === "VALID" ? 0 : (pads[i] ?? 0) + (pads[i + 2] ?? 0);
    return windowed(size, kernel[i] ?? 1, stride, dilations[i] ?? 1, padded);
  });
  const depth = c / group;
  const products = depth * sizeOf(kernel);
  const weights = weightsOf(sketch, [count, depth, ...kernel], count, ["one", "equal"]);
  const made = { shape: [n, count, ...output], scale: sumScale(random, products, x, weights), zero: random.zero() };
  const padding = automatic === undefined ? { pads } : { auto_pad: automatic };
  const inputs = [x.name, ...sketch.quantisation(x), ...weights.names, ...sketch.quantisation(made)];
  const attributes = { group, kernel_shape: kernel, strides, dilations, ...padding };
  return sketch.node("QLinearConv", [...inputs, ...biasOf(sketch, count, products)], made, attributes);
};

/** The tensor as one of this rank. */
function ofRank(sketch: Sketch, x: Drawn, rank: number): Drawn {
  if (x.shape.length === rank) return x;
  const [first = 1, ...rest] = x.shape;
  const shape = rank === 1 ? [sizeOf(x.shape)] : [first, ...Array<number>(rank - 2).fill(1), sizeOf(rest)];
  return sketch.node("Reshape", [x.name, sketch.graph.int64(shape)], { ...x, shape });
}

export const matMul: Operator = (sketch, given) => {
  const { random } = sketch;
  const x = given.shape.length === 3 ? given : ofRank(sketch, given, 2);
  const products = x.shape.at(-1) ?? 1;
  const columns = random.int(1, 40);
  const weights = weightsOf(sketch, [products, columns], columns, ["one", "equal", "any"]);
  const shape = x.shape.with(-1, columns);
  const made = { shape, scale: sumScale(random, products, x, weights), zero: random.zero() };
  const inputs = [x.name, ...sketch.quantisation(x), ...weights.names, ...sketch.quantisation(made)];
  return sketch.node("QLinearMatMul", inputs, made);
};

export const gemm: Operator = (sketch, given) => {
  const { random } = sketch;
  const x = ofRank(sketch, given, 2);
  const products = x.shape[1] ?? 1;
  const columns = random.int(1, 40);
  const transB = random.int(0, 1);
  const weights = weightsOf(sketch, transB === 1 ? [columns, products] : [products, columns], columns, ["alike"]);
  const made = {
    shape: [x.shape[0] ?? 1, columns],
    scale: sumScale(random, products, x, weights),
    zero: random.zero(),
  };
  const [bias = ""] = biasOf(sketch, columns, products);
  const inputs = [x.name, ...sketch.quantisation(x), ...weights.names, bias, ...sketch.quantisation(made)];
  return sketch.node("QGemm", inputs, made, { transB });
};

/** The same bytes, understood in another way. */
const requantised = ({ random }: Sketch, x: Drawn): Drawn => ({
  ...x,
  scale: Math.fround(x.scale * random.pick([1, 2, 0.5, random.real(0.3, 3)])),
  zero: random.zero(),
});

export const add: Operator = (sketch, x) => {
  const { random, graph } = sketch;
  const other = requantised(sketch, x);
  const scale = Math.fround((x.scale + other.scale) * random.pick([0.5, 1, random.real(0.2, 2)]));
  const made = { shape: x.shape, scale, zero: random.zero() };
  const length = x.shape.at(-1) ?? 1;
  const second =
    length > 1 && random.chance(0.4)
      ? graph.uint8([...random.bytes(length)])
      : sketch.node("Clip", [x.name, graph.uint8(random.int(0, 90)), graph.uint8(random.int(100, 255))], x).name;
  const inputs = [x.name, ...sketch.quantisation(x), second, ...sketch.quantisation(other)];
  return sketch.node("QLinearAdd", [...inputs, ...sketch.quantisation(made)], made);
};

export const globalAverage: Operator = (sketch, x) => {
  const { random } = sketch;
  const [n = 1, c = 1] = x.shape;
  const scale = Math.fround(x.scale * random.pick([1, 0.5, 2, random.real(0.2, 3)]));
  const made = { shape: [n, c, 1, 1], scale, zero: random.zero() };
  const inputs = [x.name, ...sketch.quantisation(x), ...sketch.quantisation(made)];
  return sketch.node("QLinearGlobalAveragePool", inputs, made, { channels_last: 0 });
};

export const maxPool: Operator = (sketch, x) => {
  const { random } = sketch;
  const [n = 1, c = 1, ...image] = x.shape;
  const kernel = image.map((size) => Math.min(size, random.int(1, 5)));
  const dilations = image.map((size, i) => ((kernel[i] ?? 1) * 2 <= size ? random.pick([1, 1, 2]) : 1));
  const strides = random.list(2, () => random.int(1, 3));
  const pads = random.list(4, (i) => random.int(0, Math.floor((kernel[i % 2] ?? 1) / 2)));
  const shape = [
    n,
    c,
    ...image.map((size, i) => {
      const padded = (pads[i] ?? 0) + (pads[i + 2] ?? 0);
      return windowed(size, kernel[i] ?? 1, strides[i] ?? 1, dilations[i] ?? 1, padded);
    }),
  ];
  const attributes = { kernel_shape: kernel, strides, pads, dilations };
  return sketch.node("MaxPool", [x.name], { ...x, shape }, attributes);
};

/** Quantisations of what an operator of one input makes. */
function tableOf(sketch: Sketch, x: Drawn, scale: number) {
  const made = { shape: x.shape, scale, zero: sketch.random.zero() };
  return { made, inputs: [x.name, ...sketch.quantisation(x), ...sketch.quantisation(made)] };
}

export const sigmoid: Operator = (sketch, x) => {
  const { made, inputs } = tableOf(sketch, x, Math.fround(2 ** -8 * sketch.random.real(0.9, 1.1)));
  return sketch.node("QLinearSigmoid", inputs, made);
};

export const leakyRelu: Operator = (sketch, x) => {
  const { random } = sketch;
  const { made, inputs } = tableOf(sketch, x, Math.fround(x.scale * random.pick([1, 0.5, random.real(0.3, 2)])));
  const alpha = random.pick([0.5, Math.fround(0.01), Math.fround(random.real(-1, 2))]);
  return sketch.node("QLinearLeakyRelu", inputs, made, { alpha: { float: alpha } });
};

export const clip: Operator = (sketch, x) => {
  const { random, graph } = sketch;
  const low = random.int(0, 200);
  return sketch.node("Clip", [x.name, graph.uint8(low), graph.uint8(random.int(low, 255))], x);
};

export const concat: Operator = (sketch, x) => {
  const { random } = sketch;
  const axis = random.int(0, x.shape.length - 1);
  const others = random.list(random.int(1, 3), () => clip(sketch, x).name);
  const shape = x.shape.with(axis, (x.shape[axis] ?? 1) * (others.length + 1));
  return sketch.node("Concat", [x.name, ...others], { ...x, shape }, { axis });
};

export const qLinearConcat: Operator = (sketch, x) => {
  const { random } = sketch;
  const axis = random.int(0, x.shape.length - 1);
  const parts = [x, ...random.list(random.int(1, 3), () => clip(sketch, x))].map((part) => requantised(sketch, part));
  const shape = x.shape.with(axis, (x.shape[axis] ?? 1) * parts.length);
  const made = {
    shape,
    scale: random.pick([x.scale, Math.fround(x.scale * random.real(0.5, 2))]),
    zero: random.zero(),
  };
  const inputs = parts.flatMap((part) => [part.name, ...sketch.quantisation(part)]);
  return sketch.node("QLinearConcat", [...sketch.quantisation(made), ...inputs], made, { axis });
};

export const transpose: Operator = (sketch, x) => {
  const perm = [...x.shape.keys()];
  for (let i = perm.length - 1; i > 0; i -= 1) {
    const j = sketch.random.int(0, i);
    [perm[i], perm[j]] = [perm[j] ?? 0, perm[i] ?? 0];
  }
  const shape = perm.map((axis) => x.shape[axis] ?? 1);
  return sketch.node("Transpose", [x.name], { ...x, shape }, { perm });
};

export const identity: Operator = (sketch, x) => sketch.node("Identity", [x.name], x);

export const flatten: Operator = (sketch, x) => {
  const axis = sketch.random.int(0, x.shape.length);
  const shape = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))];
  return sketch.node("Flatten", [x.name], { ...x, shape }, { axis });
};

export const reshape: Operator = (sketch, x) => {
  const shape = sketch.random.pick([x.shape.toReversed(), [sizeOf(x.shape)], [...x.shape.slice(1), x.shape[0] ?? 1]]);
  return sketch.node("Reshape", [x.name, sketch.graph.int64(shape)], { ...x, shape });
};

/** Adds an axis and takes it away again. */
export const squeeze: Operator = (sketch, x) => {
  const { random, graph } = sketch;
  const axis = random.int(0, Math.min(x.shape.length, 4));
  const axes = graph.int64([axis]);
  const wider = sketch.node("Unsqueeze", [x.name, axes], { ...x, shape: x.shape.toSpliced(axis, 0, 1) });
  return sketch.node("Squeeze", [wider.name, axes], x);
};

/** The first largest of the last axis: an output of the graph. */
export function argMax(sketch: Sketch, x: Drawn): void {
  sketch.end("ArgMax", [x.name], DType.Int64, x.shape.with(-1, 1), x.shape.length - 1);
}

/** Floats: an output of the graph. */
export function dequantize(sketch: Sketch, x: Drawn): void {
  sketch.end("DequantizeLinear", [x.name, ...sketch.quantisation(x)], DType.Float, x.shape);
}
