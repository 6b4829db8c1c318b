import { IntegerOpcode, MapOp, SumKind } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../../test/model/Random.ts";
import {
  columnsOf,
  instruction,
  INT32,
  integers,
  integerScene,
  type IntegerAct,
} from "../../test/support/integerScenes.ts";
import { bytes, INT64, type Scene, UINT8 } from "../../test/support/scenes.ts";
import type { Figures } from "./figures.ts";
import { boundsOf, figuresOf, type Judgement } from "./judging.ts";

const random = new Random(13);

/** As activations are: clipped to 19 bits, of either sign. */
const numbers = (...shape: readonly number[]) =>
  integers(
    INT32,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(2 ** 19) - 2 ** 18),
    ...shape,
  );

function dot(length: number): Scene {
  const columns = columnsOf(Array.from({ length: 8 }, () => bytes(random, length).data));
  const act = { opcode: IntegerOpcode.Dot, dtype: INT32, shape: [16, 8], attrs: [3, 4], columns };
  return integerScene(act, bytes(random, 16, length));
}

function dotOfTwo(length: number): Scene {
  const act = { opcode: IntegerOpcode.Dot, dtype: INT32, shape: [4, 16, 16], attrs: [3, 4] };
  return integerScene(act, bytes(random, 4, 16, length), bytes(random, 4, 16, length));
}

const sum = (kind: SumKind): Pick<IntegerAct, "opcode" | "attrs"> => ({ opcode: IntegerOpcode.Sum, attrs: [kind] });

const sumOfBytes = (length: number): Scene =>
  integerScene({ ...sum(SumKind.Values), dtype: INT32, shape: [8, 1] }, bytes(random, 8, length));

const sumOfSquares = (length: number): Scene =>
  integerScene({ ...sum(SumKind.Squares), dtype: INT64, shape: [8, 1] }, numbers(8, length));

const largest = (length: number): Scene =>
  integerScene({ opcode: IntegerOpcode.ArgMax, dtype: INT64, shape: [1, 1] }, numbers(1, length));

/** Tensors of 2^14 words. */
const SHAPE = [512, 256];

/** A residual sum: a product is scaled, rounded and clipped. */
function residual(): Scene {
  const attrs = [
    ...[2n, instruction(MapOp.Const), 12_345n], // 2
    ...[instruction(MapOp.Mul, 0, 2), instruction(MapOp.Const), 2n ** 19n], // 3, 4
    ...[instruction(MapOp.Add, 3, 4), instruction(MapOp.Const), 2n ** 20n], // 5, 6
    ...[instruction(MapOp.Div, 5, 6), instruction(MapOp.Add, 1, 7)], // 7, 8
    ...[instruction(MapOp.Const), -(2n ** 18n), instruction(MapOp.Const), 2n ** 18n], // 9, 10
    ...[instruction(MapOp.Wrap32, 8), instruction(MapOp.Clip, 11, 9, 10)], // 11, 12
    ...[instruction(MapOp.Abs, 12), instruction(MapOp.Greater, 13, 6), instruction(MapOp.Sub, 12, 2)], // 13, 14, 15
    ...[instruction(MapOp.Where, 14, 15, 12), instruction(MapOp.Add, 16, 0)], // 16, 17
  ];
  const act = { opcode: IntegerOpcode.Map, dtype: INT32, shape: SHAPE, attrs };
  return integerScene(act, numbers(...SHAPE), numbers(...SHAPE));
}

/** Activations out of a table. */
function looked(): Scene {
  const constants = [numbers(256)];
  const act = { opcode: IntegerOpcode.Map, dtype: INT32, shape: SHAPE, attrs: [1n, instruction(MapOp.Table, 0, 1)] };
  return integerScene({ ...act, constants }, bytes(random, ...SHAPE));
}

function taken(): Scene {
  const places = integers(
    INT64,
    Array.from({ length: 512 }, () => random.int(256)),
    512,
    1,
  );
  return integerScene({ opcode: IntegerOpcode.Take, dtype: INT32, shape: [512, 1] }, numbers(...SHAPE), places);
}

function embedded(): Scene {
  const tokens = integers(
    INT64,
    Array.from({ length: 64 }, () => random.int(256)),
    64,
  );
  const act = { opcode: IntegerOpcode.Rows, dtype: UINT8, shape: [64, 256], constants: [bytes(random, 256, 256)] };
  return integerScene(act, tokens);
}

const turned = (): Scene =>
  integerScene(
    { opcode: IntegerOpcode.Move, dtype: INT32, shape: [256, 512], attrs: [2, 256, 512, 0, 1, 256] },
    numbers(...SHAPE),
  );

const joined = (): Scene =>
  integerScene(
    { opcode: IntegerOpcode.Join, dtype: INT32, shape: [512, 512], attrs: [1] },
    numbers(...SHAPE),
    numbers(...SHAPE),
  );

const IN_TENSORS = "In tensors of 2^14 words.";

/** What a prototype took, 45,000 for step, paths and game, and a fifth of both. */
const boundOf = (prototype: number): number => 1.2 * (prototype + 45_000);

/** Of two tensors: also root, path and reference of the second, and a place in a matrix of several. */
const SECOND = 10_000;
const DOTS = [
  [64, 51_000],
  [128, 56_000],
  [256, 67_000],
  [768, 111_000],
  [1_024, 135_000],
  [2_048, 216_000],
  [4_096, 387_000],
] as const;
const DOTS_OF_TWO = DOTS.map(([length, prototype]) => [length, prototype + SECOND] as const);
const SUMS_OF_BYTES = [
  [256, 46_000],
  [1_024, 84_000],
  [4_096, 242_000],
] as const;
const SUMS_OF_SQUARES = [
  [128, 53_000],
  [768, 177_000],
  [4_096, 806_000],
] as const;
const ROWS = [
  [4_096, 53_000],
  [131_072, 61_000],
] as const;

/** One element of the first word, for each length of what it is computed from. */
const each = (
  opcode: string,
  note: string,
  prototypes: readonly (readonly [numbers: number, prototype: number])[],
  make: (numbers: number) => Scene,
): readonly Judgement[] =>
  prototypes.map(([length, prototype]) => ({
    opcode: `integer.${opcode}`,
    numbers: length,
    most: boundOf(prototype),
    note,
    scene: () => make(length),
    word: 0,
  }));

/** One element somewhere in a tensor of 2^14 words, or of a constant. */
const point = (opcode: string, count: number, most: number, note: string, make: () => Scene): Judgement => ({
  opcode: `integer.${opcode}`,
  numbers: count,
  most,
  note,
  scene: make,
  word: 77,
});

const JUDGEMENTS: readonly Judgement[] = [
  ...each("DOT", "With constants.", DOTS, dot),
  ...each("DOT.pair", "Of two tensors.", DOTS_OF_TWO, dotOfTwo),
  // What its calldata costs at the floor of EIP-7623: three paths in large trees, not the arithmetic.
  point("MAP", 2, 148_000, `16 instructions. ${IN_TENSORS}`, residual),
  point("MAP.table", 1, 140_000, `An entry of 256. ${IN_TENSORS}`, looked),
  ...each("SUM", "Bytes.", SUMS_OF_BYTES, sumOfBytes),
  ...each("SUM.squares", "int32.", SUMS_OF_SQUARES, sumOfSquares),
  ...each("ARGMAX", "int32.", ROWS, largest),
  point("TAKE", 1, 145_000, IN_TENSORS, taken),
  point("ROWS", 1, 140_000, "Of 256 rows.", embedded),
  point("MOVE", 1, 140_000, IN_TENSORS, turned),
  point("JOIN", 1, 140_000, IN_TENSORS, joined),
];

/** Most gas that each judgement may cost. */
export const INTEGER_JUDGEMENT_BOUNDS = boundsOf(JUDGEMENTS);

/** What it costs to judge one element of each operator of models of integers. */
export const integerJudgementFigures = (): Promise<Figures> => figuresOf(JUDGEMENTS);
