import type { Random } from "./Random.ts";
import { type Case, type Drawn, drawCase, type Sketch } from "./Sketch.ts";
import * as operators from "./operators.ts";
import type { Operator } from "./operators.ts";

const imageShape = (random: Random): readonly number[] => [
  random.pick([1, 1, 2]),
  random.pick([1, 2, 3, 4, 6, 8, 12, 31, 32, 33, 40]),
  random.int(1, 13),
  random.int(1, 13),
];

/** Long rows now and then, so that sums of bytes go beyond 2^24. */
const matrixShape = (random: Random): readonly number[] => [
  ...random.list(random.int(1, 2), () => random.int(1, 9)),
  random.pick([random.int(1, 70), random.int(1, 70), random.int(900, 2_200)]),
];

const anyShape = (random: Random): readonly number[] =>
  random.chance(0.5) ? imageShape(random) : random.list(random.int(1, 6), () => random.int(1, random.pick([3, 5, 9])));

/** What is drawn for one operator. */
interface Subject {
  readonly shape: (random: Random) => readonly number[];
  readonly draw: (sketch: Sketch, x: Drawn) => void;
}

const subject = (shape: Subject["shape"], draw: Subject["draw"] | Operator): Subject => ({
  shape,
  draw: (sketch, x) => void draw(sketch, x),
});

/** Each operator of the profile by itself. */
const SUBJECTS: Readonly<Record<string, Subject>> = {
  QLinearConv: subject(imageShape, operators.conv),
  QLinearMatMul: subject(matrixShape, operators.matMul),
  QGemm: subject(matrixShape, operators.gemm),
  QLinearAdd: subject(anyShape, operators.add),
  QLinearGlobalAveragePool: subject(imageShape, operators.globalAverage),
  MaxPool: subject(imageShape, operators.maxPool),
  QLinearSigmoid: subject(anyShape, operators.sigmoid),
  QLinearLeakyRelu: subject(anyShape, operators.leakyRelu),
  Clip: subject(anyShape, operators.clip),
  Concat: subject(anyShape, operators.concat),
  QLinearConcat: subject(anyShape, operators.qLinearConcat),
  Transpose: subject(anyShape, operators.transpose),
  Views: subject(anyShape, operators.view),
  ArgMax: subject(anyShape, operators.argMax),
  DequantizeLinear: subject(anyShape, operators.dequantize),
};

export const OPERATORS: readonly string[] = ["QuantizeLinear", ...Object.keys(SUBJECTS)];

/** A model with one operator, and what it needs. The same for the same seed. */
export function operatorCase(operator: string, seed: number): Case {
  return drawCase(seed, (sketch) => {
    const { random } = sketch;
    const known = SUBJECTS[operator];
    if (known === undefined) sketch.floatInput(anyShape(random));
    else known.draw(sketch, sketch.input(known.shape(random)));
  });
}

const IMAGE_LAYERS: readonly Operator[] = [
  operators.conv,
  operators.conv,
  operators.conv,
  operators.add,
  operators.maxPool,
  operators.leakyRelu,
  operators.sigmoid,
  operators.clip,
  operators.qLinearConcat,
  operators.concat,
];
const TAIL_LAYERS: readonly Operator[] = [operators.gemm, operators.matMul, operators.add, operators.leakyRelu];

/** A small network: layers of images, then layers of rows, then an output of any kind. The same for the same seed. */
export function networkCase(seed: number, layers = 6): Case {
  return drawCase(seed, (sketch) => {
    const { random } = sketch;
    let x = sketch.input([1, random.pick([1, 3, 8, 32]), random.int(6, 12), random.int(6, 12)]);
    for (let i = 0; i < layers; i += 1) x = random.pick(IMAGE_LAYERS)(sketch, x);
    if (random.chance(0.5)) x = operators.globalAverage(sketch, x);
    for (let i = 0; i < layers / 3; i += 1) x = random.pick(TAIL_LAYERS)(sketch, x);
    random.pick([operators.argMax, operators.dequantize, () => undefined])(sketch, x);
  });
}
