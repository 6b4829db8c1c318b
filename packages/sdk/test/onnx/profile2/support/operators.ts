/** Random nodes of every operator of the profile `onnx-int8/2`, on numbers that reach the ends of their types. */
import { sizeOf } from "../../../../src/onnx/layout.ts";
import type { Random } from "../../support/Random.ts";
import { Bool, type Drawn, drawNumber, drawShape, Int32, Int64, type IntegerSketch, Uint8 } from "./IntegerSketch.ts";

/** Draws one node, and what it needs. */
export type Draw = (sketch: IntegerSketch) => void;

const WIDE = [Int32, Int64] as const;
const NUMBERS = [Uint8, ...WIDE] as const;

/** A tensor of numbers: of all types, and truths. */
const anyTensor = (sketch: IntegerSketch, shape: readonly number[]): Drawn => {
  const dtype = sketch.random.pick([...NUMBERS, Bool]);
  if (dtype !== Bool) return sketch.input(dtype, shape);
  const x = sketch.input(Int32, shape);
  return sketch.node("Greater", [x.name, sketch.scalar(Int32, 0n)], { dtype: Bool, shape });
};

/** A shape that broadcasts to another one. */
const narrowed = (random: Random, shape: readonly number[]): readonly number[] => {
  const kept = shape.map((size) => (random.chance(0.3) ? 1 : size));
  return random.chance(0.3) ? kept.slice(random.int(0, kept.length - 1)) : kept;
};

/** Shapes of two operands, and of what is made of them. */
function shapesOf(random: Random): readonly [a: readonly number[], b: readonly number[], both: readonly number[]] {
  const both = drawShape(random);
  const [a, b] = random.chance(0.5) ? [both, narrowed(random, both)] : [narrowed(random, both), both];
  return [a, b, both];
}

/** A number of a type in a smaller range, drawn so that the ends of the range are in it. */
function ranged(sketch: IntegerSketch, dtype: number, shape: readonly number[], least: bigint, most: bigint): Drawn {
  const x = sketch.clip(sketch.input(Int32, shape), least, most);
  return sketch.cast(x, dtype);
}

/** An operand of half the range of its type: of int64, numbers of 32 bits times constants of 31. */
function half(sketch: IntegerSketch, dtype: number, shape: readonly number[]): Drawn {
  const { random } = sketch;
  if (dtype === Int32) return ranged(sketch, Int32, shape, -(2n ** 30n), 2n ** 30n - 1n);
  const x = sketch.cast(sketch.input(Int32, shape), Int64);
  const factor = random.pick([1n, -1n, 2n ** 31n - 1n, BigInt(random.int(2, 2 ** 31 - 1))]);
  return sketch.node("Mul", [x.name, sketch.scalar(Int64, factor)], x);
}

const sumOf =
  (opType: string): Draw =>
  (sketch) => {
    const { random } = sketch;
    const dtype = random.pick(WIDE);
    const [a, b, shape] = shapesOf(random);
    const x = half(sketch, dtype, a);
    const y = random.chance(0.3)
      ? sketch.constant(dtype, b, () => drawNumber(random, dtype) / 2n)
      : half(sketch, dtype, b);
    sketch.node(opType, random.chance(0.5) ? [x.name, y.name] : [y.name, x.name], { dtype, shape });
  };

const mul: Draw = (sketch) => {
  const { random } = sketch;
  const dtype = random.pick(WIDE);
  const [a, b, shape] = shapesOf(random);
  const side = (own: readonly number[]) =>
    dtype === Int64
      ? sketch.cast(sketch.input(Int32, own), Int64)
      : ranged(sketch, Int32, own, -(2n ** 15n), 2n ** 15n - 1n);
  const x = side(a);
  const y = random.chance(0.2) ? x : side(b);
  sketch.node("Mul", [x.name, y.name], { dtype, shape: x === y ? a : shape });
};

const div: Draw = (sketch) => {
  const { random } = sketch;
  const dtype = random.pick(WIDE);
  const [a, b, shape] = shapesOf(random);
  const x = sketch.input(dtype, a);
  const most = random.pick([1n, 3n, 255n, 2n ** 20n, 2n ** 31n - 1n]);
  const y = random.chance(0.3)
    ? sketch.constant(dtype, b, () => 1n + (drawNumber(random, dtype) & (2n ** 30n - 1n)))
    : ranged(sketch, dtype, b, 1n, most);
  sketch.node("Div", [x.name, y.name], { dtype, shape });
};

const abs: Draw = (sketch) => {
  const x = half(sketch, sketch.random.pick(WIDE), drawShape(sketch.random));
  sketch.node("Abs", [x.name], x);
};

const cast: Draw = (sketch) => {
  sketch.cast(anyTensor(sketch, drawShape(sketch.random)), sketch.random.pick(NUMBERS));
};

const clip: Draw = (sketch) => {
  const { random } = sketch;
  const x = sketch.input(random.pick([Uint8, Int32]), drawShape(random));
  const bound = () => (random.chance(0.2) ? "" : sketch.scalar(x.dtype, drawNumber(random, x.dtype)));
  sketch.node("Clip", [x.name, bound(), bound()], x);
};

const comparison =
  (opType: string): Draw =>
  (sketch) => {
    const { random } = sketch;
    const dtype = random.pick(NUMBERS);
    const [a, b, shape] = shapesOf(random);
    const x = sketch.input(dtype, a);
    const y = random.chance(0.3) ? sketch.constant(dtype, b) : sketch.input(dtype, b);
    sketch.node(opType, random.chance(0.5) ? [x.name, y.name] : [y.name, x.name], { dtype: Bool, shape });
  };

const where: Draw = (sketch) => {
  const { random } = sketch;
  const dtype = random.pick(NUMBERS);
  const [a, b, shape] = shapesOf(random);
  const signs = sketch.input(Int32, shape);
  const condition = random.chance(0.3)
    ? sketch.constant(Bool, shape, () => BigInt(random.int(0, 1)))
    : sketch.node("Less", [signs.name, sketch.scalar(Int32, 1n)], { dtype: Bool, shape });
  const x = sketch.input(dtype, a);
  const y = random.chance(0.3) ? sketch.constant(dtype, b) : sketch.input(dtype, b);
  const sides = random.chance(0.5) ? [x.name, y.name] : [y.name, x.name];
  sketch.node("Where", [condition.name, ...sides], { dtype, shape });
};

/** An index from 0 to one less than a count. */
const indexOf = (sketch: IntegerSketch, shape: readonly number[], count: number): Drawn =>
  ranged(sketch, sketch.random.pick(WIDE), shape, 0n, BigInt(count - 1));

const gatherTable: Draw = (sketch) => {
  const { random } = sketch;
  const [dtype, count] = [random.pick(NUMBERS), random.pick([1, 7, 256, 1_000])];
  const index = indexOf(sketch, drawShape(random), count);
  sketch.node("Gather", [sketch.constant(dtype, [count]).name, index.name], { dtype, shape: index.shape });
};

const gatherRows: Draw = (sketch) => {
  const { random } = sketch;
  const [dtype, count, row] = [random.pick(NUMBERS), random.pick([1, 7, 40]), drawShape(random).slice(0, 2)];
  const index = indexOf(sketch, drawShape(random), count);
  const shape = [...index.shape, ...row];
  sketch.node("Gather", [sketch.constant(dtype, [count, ...row]).name, index.name], { dtype, shape });
};

/** Elements by a constant index: an even run, or halves that change places. */
const gatherAlong: Draw = (sketch) => {
  const { random } = sketch;
  const shape = drawShape(random);
  const x = sketch.input(random.pick(NUMBERS), shape);
  const axis = random.int(0, shape.length - 1);
  const size = shape[axis] ?? 1;
  const [step, start] = [random.pick([-1, 0, 1]), random.int(0, size - 1)];
  const run = random.list(random.int(1, step < 0 ? start + 1 : size - start), (i) => start + i * step);
  const turned = random.list(size, (i) => (i + size / 2) % size);
  const places = size % 2 === 0 && random.chance(0.5) ? turned : run;
  const index = random.chance(0.5) ? sketch.graph.int64(places) : sketch.graph.int32(places);
  const made = { ...x, shape: shape.with(axis, places.length) };
  sketch.node("Gather", [x.name, index], made, { axis: random.chance(0.5) ? axis : axis - shape.length });
};

const gatherElements: Draw = (sketch) => {
  const { random } = sketch;
  const shape = drawShape(random);
  const x = sketch.input(random.pick(NUMBERS), shape);
  const index = indexOf(sketch, shape.with(-1, random.int(1, 9)), shape.at(-1) ?? 1);
  sketch.node("GatherElements", [x.name, index.name], { ...x, shape: index.shape }, { axis: -1 });
};

/** The axes of a reduction, as this opset has them: those of squares are an attribute before 18. */
function axesOf({ opset, graph, random }: IntegerSketch, rank: number, since: number) {
  const axis = random.pick([-1, rank - 1]);
  return opset >= since
    ? { inputs: [graph.int64([axis])], attributes: {} }
    : { inputs: [], attributes: { axes: [axis] } };
}

/** Numbers of either type whose sum, each raised to a power, comes near to 2^31 or 2^53. */
function summands(sketch: IntegerSketch, shape: readonly number[], power: 1 | 2): Drawn {
  const { random } = sketch;
  const dtype = random.pick(WIDE);
  const most = 2 ** (dtype === Int64 ? 53 : 31) / (shape.at(-1) ?? 1);
  const each = BigInt(Math.floor(power === 2 ? Math.sqrt(most) : most - 1));
  const x = ranged(
    sketch,
    dtype,
    shape,
    each < 2n ** 31n ? -each : -(2n ** 31n),
    each < 2n ** 31n ? each : 2n ** 31n - 1n,
  );
  return each < 2n ** 32n ? x : sketch.node("Mul", [x.name, sketch.scalar(Int64, each / 2n ** 31n)], x);
}

const reduction =
  (opType: string, since: number, power: 1 | 2): Draw =>
  (sketch) => {
    const { random } = sketch;
    const shape = drawShape(random);
    const x = summands(sketch, shape, power);
    const { inputs, attributes } = axesOf(sketch, shape.length, since);
    const keeps = shape.length === 1 || random.chance(0.5);
    const made = { ...x, shape: keeps ? shape.with(-1, 1) : shape.slice(0, -1) };
    sketch.node(opType, [x.name, ...inputs], made, { ...attributes, keepdims: keeps ? 1 : 0 });
  };

const argMax: Draw = (sketch) => {
  const { random } = sketch;
  const shape = drawShape(random);
  const dtype = random.pick(NUMBERS);
  const x = random.chance(0.5) && dtype !== Uint8 ? ranged(sketch, dtype, shape, -1n, 1n) : sketch.input(dtype, shape);
  const keeps = shape.length === 1 || random.chance(0.5);
  const made = { dtype: Int64, shape: keeps ? shape.with(-1, 1) : shape.slice(0, -1) };
  sketch.node("ArgMax", [x.name], made, { axis: random.pick([-1, shape.length - 1]), keepdims: keeps ? 1 : 0 });
};

/** Zero points, or none. */
function zerosOf({ random, graph }: IntegerSketch): readonly string[] {
  const zero = () => graph.uint8(random.chance(0.5) ? random.zero() : [random.zero()]);
  return random.pick([[], [zero()], [zero(), zero()], ["", zero()]]);
}

const matMulConstant: Draw = (sketch) => {
  const { random } = sketch;
  const [k, n] = [random.pick([1, 31, 32, 33, 100, random.int(1, 2_000)]), random.int(1, 20)];
  const outer = [...drawShape(random).slice(0, 2), random.int(1, 9)];
  const a = sketch.input(Uint8, [...outer, k]);
  const b = sketch.constant(Uint8, [k, n]);
  sketch.node("MatMulInteger", [a.name, b.name, ...zerosOf(sketch)], { dtype: Int32, shape: [...outer, n] });
};

/** Two activations; of the second there may be fewer matrices, or it comes out of a transposition. */
const matMulTwo: Draw = (sketch) => {
  const { random } = sketch;
  const outer = random.list(random.int(0, 2), () => random.int(1, 4));
  const [m, k, n] = [random.int(1, 9), random.pick([1, 33, random.int(1, 100)]), random.int(1, 20)];
  const a = sketch.input(Uint8, [...outer, m, k]);
  const own = narrowed(random, [...outer, 1]).slice(0, -1);
  const isTurned = random.chance(0.5);
  const b = sketch.input(Uint8, isTurned ? [...own, n, k] : [...own, k, n]);
  const perm = [...own.keys(), own.length + 1, own.length];
  const turned = isTurned ? sketch.node("Transpose", [b.name], { ...b, shape: [...own, k, n] }, { perm }) : b;
  sketch.node("MatMulInteger", [a.name, turned.name, ...zerosOf(sketch)], { dtype: Int32, shape: [...outer, m, n] });
};

/** Draws the operator itself, on a tensor of any type. */
const view =
  (draw: (sketch: IntegerSketch, x: Drawn) => void, rank = 1): Draw =>
  (sketch) => {
    draw(sketch, anyTensor(sketch, drawShape(sketch.random, rank)));
  };

/** How many places ONNX takes of an axis: ends count from the end if they are below 0, and may lie outside. */
function countBetween(size: number, start: number, end: number, step: number): number {
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const inside = (place: number, low: number) => Math.min(Math.max(place < 0 ? place + size : place, low), most);
  let count = 0;
  for (let at = inside(start, 0); step > 0 ? at < inside(end, least) : at > inside(end, least); at += step) count += 1;
  return count;
}

/** What a slice takes of an axis: any, but never nothing. */
function drawRange(random: Random, size: number) {
  const step = random.pick([1, 1, 2, -1, -2, 3]);
  const place = () => random.pick([2 ** 31 - 1, -(2 ** 31), random.int(-size - 1, size + 1), random.int(-size, size)]);
  const [start, end] = [place(), place()];
  const count = countBetween(size, start, end, step);
  const [first, last] = step > 0 ? [0, 2 ** 31 - 1] : [-1, -(2 ** 31)];
  return count > 0
    ? { start, end, step, count }
    : { start: first, end: last, step, count: countBetween(size, first, last, step) };
}

const slice = view((sketch, x) => {
  const { random, graph } = sketch;
  const axes = [...x.shape.keys()].filter((axis) => axis === 0 || random.chance(0.6));
  const ranges = axes.map((axis) => drawRange(random, x.shape[axis] ?? 1));
  const shape = x.shape.map((size, axis) => ranges[axes.indexOf(axis)]?.count ?? size);
  const lists = [
    ranges.map(({ start }) => start),
    ranges.map(({ end }) => end),
    axes.map((axis) => random.pick([axis, axis - x.shape.length])),
    ranges.map(({ step }) => step),
  ];
  sketch.node("Slice", [x.name, ...lists.map((list) => graph.int64(list))], { ...x, shape });
});

const split = view((sketch, x) => {
  const { random, graph, opset } = sketch;
  const axis = random.int(0, x.shape.length - 1);
  const size = x.shape[axis] ?? 1;
  const parts = random.chance(0.5) ? [size] : [];
  for (let rest = size; parts.length === 0 || parts.reduce((a, b) => a + b) < size;) {
    const part = random.int(1, rest);
    parts.push(part);
    rest -= part;
  }
  const made = parts.map((part) => ({ ...x, shape: x.shape.with(axis, part) }));
  const isEqual = parts.every((part) => part === parts[0]);
  const isNumbered = isEqual && opset >= 18;
  const inputs = isEqual && (opset < 18 || isNumbered) ? [x.name] : [x.name, graph.int64(parts)];
  sketch.nodes("Split", inputs, made, { axis, ...(isNumbered ? { num_outputs: parts.length } : {}) });
});

const concat = view((sketch, x) => {
  const { random } = sketch;
  const axis = random.int(0, x.shape.length - 1);
  const others = random.list(random.int(1, 4), () => {
    const shape = x.shape.with(axis, random.int(1, 5));
    return x.dtype === Bool
      ? sketch.node("Equal", [sketch.input(Int32, shape).name, sketch.scalar(Int32, 0n)], { dtype: Bool, shape })
      : sketch.input(x.dtype, shape);
  });
  const size = [x, ...others].reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const names = [x, ...others].map(({ name }) => name);
  sketch.node("Concat", names, { ...x, shape: x.shape.with(axis, size) }, { axis: axis - x.shape.length });
});

const expand: Draw = (sketch) => {
  const { random, graph } = sketch;
  const shape = drawShape(random);
  const x = anyTensor(sketch, narrowed(random, shape));
  const target = shape.map((size, axis) => (x.shape[axis - shape.length + x.shape.length] === size ? 1 : size));
  sketch.node("Expand", [x.name, graph.int64(target)], { ...x, shape });
};

const transpose = view((sketch, x) => {
  const axes = [...x.shape.keys()];
  const perm = axes.map((axis) => ({ axis, key: sketch.random.unit() })).sort((a, b) => a.key - b.key);
  const order = sketch.random.chance(0.2) ? axes.toReversed() : perm.map(({ axis }) => axis);
  const made = { ...x, shape: order.map((axis) => x.shape[axis] ?? 1) };
  sketch.node("Transpose", [x.name], made, order.join() === axes.toReversed().join() ? {} : { perm: order });
});

const reshape = view((sketch, x) => {
  const { random, graph } = sketch;
  const size = sizeOf(x.shape);
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((d) => size % d === 0);
  const first = random.pick(divisors);
  const shape = random.pick([[size], [first, size / first], [first, 1, size / first]]);
  const target = random.chance(0.4) ? shape.with(random.int(0, shape.length - 1), -1) : shape;
  sketch.node("Reshape", [x.name, graph.int64(target)], { ...x, shape });
});

const flatten = view((sketch, x) => {
  const axis = sketch.random.int(0, x.shape.length);
  sketch.node(
    "Flatten",
    [x.name],
    { ...x, shape: [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))] },
    { axis },
  );
});

const squeeze: Draw = (sketch) => {
  const { random, graph } = sketch;
  const shape = drawShape(random);
  const place = random.int(0, shape.length);
  const x = anyTensor(sketch, shape.toSpliced(place, 0, 1));
  sketch.node("Squeeze", [x.name, graph.int64([random.pick([place, place - x.shape.length])])], { ...x, shape });
};

const unsqueeze = view((sketch, x) => {
  const { random, graph } = sketch;
  const place = random.int(0, x.shape.length);
  const made = { ...x, shape: x.shape.toSpliced(place, 0, 1) };
  sketch.node("Unsqueeze", [x.name, graph.int64([random.pick([place, place - made.shape.length])])], made);
});

const identity = view((sketch, x) => sketch.node("Identity", [x.name], x));

/** A constant that is given by a node. */
const constant: Draw = (sketch) => {
  const { random } = sketch;
  const values = random.list(random.int(1, 9), () => random.int(-(2 ** 31), 2 ** 31 - 1));
  const x = half(sketch, Int64, [values.length]);
  const name = sketch.graph.node("Constant", [], { attributes: { value_ints: values } });
  sketch.node("Add", [x.name, name], x);
};

/** Each operator of the profile by itself. */
export const SUBJECTS: Readonly<Record<string, Draw>> = {
  "MatMulInteger by a constant": matMulConstant,
  "MatMulInteger of two activations": matMulTwo,
  Add: sumOf("Add"),
  Sub: sumOf("Sub"),
  Mul: mul,
  Div: div,
  Abs: abs,
  Cast: cast,
  Clip: clip,
  Where: where,
  Greater: comparison("Greater"),
  Less: comparison("Less"),
  GreaterOrEqual: comparison("GreaterOrEqual"),
  Equal: comparison("Equal"),
  "Gather from a table": gatherTable,
  "Gather of rows": gatherRows,
  "Gather by a constant": gatherAlong,
  GatherElements: gatherElements,
  ReduceSum: reduction("ReduceSum", 13, 1),
  ReduceSumSquare: reduction("ReduceSumSquare", 18, 2),
  ArgMax: argMax,
  Slice: slice,
  Split: split,
  Concat: concat,
  Expand: expand,
  Transpose: transpose,
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Identity: identity,
  Constant: constant,
};
