import { Layout, Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../../test/model/Random.ts";
import {
  type Act,
  bits,
  bytes,
  denseConstants,
  floats,
  FLOAT,
  INT64,
  openingScene,
  packedConstants,
  scene,
  type Scene,
} from "../../test/support/scenes.ts";
import type { Figures } from "./figures.ts";
import { boundsOf, figuresOf, type Judgement } from "./judging.ts";

const random = new Random(12);
const heads = (count: number) => Array.from({ length: count }, () => ({ bias: 5, scale: 2 ** -15, zero: 7 }));

function dot(length: number): Scene {
  const constants = denseConstants(
    heads(8),
    heads(8).map(() => [bytes(random, length).data]),
  );
  return scene({ opcode: Opcode.Dot, shape: [16, 8], attrs: [3, 4], constants }, bytes(random, 16, length));
}

function conv(channels: number): Scene {
  const kernel = () => Array.from({ length: 9 }, () => bytes(random, channels).data);
  const attrs = [1, 3, 3, 1, 1, 1, 1, 1, 1, 9, 9];
  const constants = denseConstants(heads(8), heads(8).map(kernel));
  return scene({ opcode: Opcode.Conv, shape: [1, 8, 8, 8], attrs, constants }, bytes(random, 1, channels, 8, 8));
}

function depthwise(channels: number): Scene {
  const attrs = [channels, 3, 3, 1, 1, 1, 1, 1, 1, 9, 9];
  const constants = packedConstants(
    heads(channels),
    heads(channels).map(() => bytes(random, 9).data),
  );
  return scene({ opcode: Opcode.Conv, shape: [1, channels, 8, 8], attrs, constants }, bytes(random, 1, channels, 8, 8));
}

function mean(channels: number, side: number): Scene {
  const act = { opcode: Opcode.Gap, shape: [1, channels, 1, 1], attrs: [bits(1 / side ** 2), 1, 2] };
  return scene(act, bytes(random, 1, channels, side, side));
}

function largest(side: number): Scene {
  const attrs = [side, side, 2, 2, 1, 1, 1, 1];
  return scene({ opcode: Opcode.MaxPool, shape: [1, 64, 28, 28], attrs }, bytes(random, 1, 64, 56, 56));
}

/** A step that makes an image of 2^14 words out of others of its size. */
function image(act: Omit<Act, "shape">, inputs: number): Scene {
  const shape = [1, 32, 128, 128];
  const payload = Array.from({ length: inputs }, () => bytes(random, ...shape));
  return scene({ ...act, shape: shape.with(1, act.opcode === Opcode.Concat ? 32 * inputs : 32) }, ...payload);
}

function first(length: number): Scene {
  const act = { opcode: Opcode.ArgMax, shape: [4], dtype: INT64, layout: Layout.Packed };
  return scene(act, bytes(random, 4, length));
}

const table = (inputs: number) => bytes(random, 256 * inputs).data;
const classes = { opcode: Opcode.Dequant, shape: [1, 1_000], dtype: FLOAT, layout: Layout.Packed, attrs: [bits(1), 0] };
const pixels = Array.from({ length: 3 * 64 * 64 }, () => bits(random.int(256)));
const quantised = { opcode: Opcode.Quant, shape: [1, 3, 64, 64], attrs: [bits(1), 0] };

const IN_IMAGE = "In tensors of 2^14 words.";

/** Bounds: at most what a prototype of the arithmetic took, 45,000 for step, paths and game, and a fifth of both. */
const JUDGEMENTS: readonly Judgement[] = [
  {
    opcode: "QUANT",
    numbers: 1,
    most: 140_000,
    note: "Of 12,288 floats.",
    scene: () => openingScene(quantised, floats(pixels, 1, 3, 64, 64)),
    word: 70,
  },
  {
    opcode: "CONV",
    numbers: 9,
    most: 206_400,
    note: "Depthwise 3x3, 960 channels.",
    scene: () => depthwise(960),
    word: 540,
  },
  { opcode: "CONV", numbers: 576, most: 189_600, note: "3x3, 64 channels.", scene: () => conv(64), word: 18 },
  { opcode: "CONV", numbers: 2_304, most: 360_000, note: "3x3, 256 channels.", scene: () => conv(256), word: 18 },
  { opcode: "CONV", numbers: 4_608, most: 582_000, note: "3x3, 512 channels.", scene: () => conv(512), word: 18 },
  { opcode: "DOT", numbers: 512, most: 182_000, note: "Of 16 rows.", scene: () => dot(512), word: 0 },
  { opcode: "DOT", numbers: 2_048, most: 312_000, note: "Of 16 rows.", scene: () => dot(2_048), word: 0 },
  { opcode: "DOT", numbers: 4_096, most: 450_000, note: "Of 16 rows.", scene: () => dot(4_096), word: 0 },
  {
    opcode: "ADD",
    numbers: 2,
    // What its calldata costs at the floor of EIP-7623, with the root of the statement's output in game and case.
    most: 142_000,
    note: IN_IMAGE,
    scene: () => image({ opcode: Opcode.Add, attrs: [0.5, 0.5, 3].map(bits) }, 2),
    word: 77,
  },
  { opcode: "GAP", numbers: 49, most: 562_000, note: "7x7, 1,280 channels.", scene: () => mean(1_280, 7), word: 3 },
  {
    opcode: "GAP",
    numbers: 196,
    most: 1_400_000,
    note: "14x14, 512 channels.",
    scene: () => mean(512, 14),
    word: 3,
  },
  {
    opcode: "MAXPOOL",
    numbers: 9,
    most: 207_000,
    note: "3x3, 64 channels of 56x56.",
    scene: () => largest(3),
    word: 400,
  },
  {
    opcode: "MAXPOOL",
    numbers: 49,
    most: 562_000,
    note: "7x7, 64 channels of 56x56.",
    scene: () => largest(7),
    word: 400,
  },
  {
    opcode: "LUT",
    numbers: 1,
    most: 140_000,
    note: IN_IMAGE,
    scene: () => image({ opcode: Opcode.Lut, constants: table(1) }, 1),
    word: 77,
  },
  {
    opcode: "CONCAT",
    numbers: 1,
    most: 145_000,
    note: IN_IMAGE,
    scene: () => image({ opcode: Opcode.Concat, attrs: [1], constants: table(2) }, 2),
    word: 155,
  },
  {
    opcode: "MOVE",
    numbers: 1,
    most: 140_000,
    note: IN_IMAGE,
    scene: () => image({ opcode: Opcode.Move, attrs: [0, 1, 3, 2] }, 1),
    word: 77,
  },
  { opcode: "ARGMAX", numbers: 1_000, most: 240_000, note: "Of 4 rows.", scene: () => first(1_000), word: 0 },
  { opcode: "ARGMAX", numbers: 4_096, most: 700_000, note: "Of 4 rows.", scene: () => first(4_096), word: 0 },
  {
    opcode: "DEQUANT",
    numbers: 1,
    most: 140_000,
    note: "Of 1,000 classes.",
    scene: () => scene(classes, bytes(random, 1, 1_000)),
    word: 9,
  },
];

/** Most gas that each judgement may cost. */
export const JUDGEMENT_BOUNDS = boundsOf(JUDGEMENTS);

/** What it costs to judge one element of each operator. */
export const judgementFigures = (): Promise<Figures> => figuresOf(JUDGEMENTS);
