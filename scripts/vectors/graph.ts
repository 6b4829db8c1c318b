import { readFileSync } from "node:fs";

import { ZeroHash } from "ethers";

import {
  GRAPH_INPUT,
  INTEGER_PROFILE,
  Layout,
  Opcode,
  PROFILE,
  type Profile,
  type Spec,
  type Step,
  compile,
  encodeHeader,
  encodeStep,
  graphRootOf,
  stepHash,
  stepsRootOf,
} from "../../packages/sdk/src/onnx/index.ts";
import { ONES, type VectorFile, wordOf } from "./samples.ts";

const DIGITS = new URL("../../examples/digits/digits.onnx", import.meta.url);

const VERSES = new URL("../../examples/models/verses/pass-64.onnx", import.meta.url);

interface Graph {
  readonly inputs: readonly Spec[];
  readonly outputs: readonly Spec[];
  readonly steps: readonly Step[];
}

/** Layouts are called orders in Solidity, where `layout` is a word of the language. */
function describe(name: string, { inputs, outputs, steps }: Graph, profile: Profile = PROFILE) {
  const header = { profile, inputs, outputs, steps, stepsRoot: stepsRootOf(steps, profile) } as const;
  return {
    name,
    profile,
    steps: steps.map(({ layout: order, inputs: refs, ...step }) => ({
      ...step,
      order,
      inputs: refs.map(({ layout, ...ref }) => ({ ...ref, order: layout })),
    })),
    encodedSteps: steps.map((step, i) => encodeStep(step, i, profile)),
    stepHashes: steps.map((step, i) => stepHash(step, i, profile)),
    header: { n: steps.length, ins: inputs, outs: outputs, stepsRoot: header.stepsRoot },
    encodedHeader: encodeHeader(header),
    graphRoot: graphRootOf(header),
  };
}

const digits = compile(readFileSync(DIGITS));
const verses = compile(readFileSync(VERSES), INTEGER_PROFILE);
/** The last steps of the language model, which read what is stated, as a model of their own. */
const ending = verses.steps.slice(-3).map(({ step }) => step);

const MOVE: Step = {
  opcode: Opcode.Move,
  layout: Layout.Rows,
  dtype: 2,
  shape: [3],
  inputs: [{ from: GRAPH_INPUT, layout: Layout.Packed, dtype: 2, shape: [3] }],
  attrs: [],
  constRoot: ZeroHash,
  constDepth: 0,
};

/** No model has such a step; it has the largest value in each field. */
const LARGE: Step = {
  opcode: Opcode.Dequant,
  layout: Layout.Image,
  dtype: 255,
  shape: Array<number>(6).fill(2 ** 32 - 1),
  inputs: Array.from({ length: 8 }, (_, i) => ({
    from: 0xffff,
    layout: Layout.Image,
    dtype: 255,
    shape: Array.from({ length: Math.min(i, 6) }, () => 2 ** 32 - 1),
  })),
  attrs: [2n ** 63n - 1n, -(2n ** 63n), -1n, ...Array<bigint>(8).fill(0n)],
  constRoot: ONES,
  constDepth: 255,
};

const spec = (name: string, step = 0): Spec => ({ name, dtype: 2, shape: [3], step });

export const graphVectors: VectorFile = {
  about:
    "Compiled models of the profiles onnx-int8/1 and onnx-int8/2: the encoding and the hash of each step, the header and the graph root. " +
    "Some could be no model.",
  cases: [
    describe("digits", { ...digits, steps: digits.steps.map(({ step }) => step) }),
    describe("one step", { inputs: [spec("x")], outputs: [spec("x")], steps: [MOVE] }),
    describe("another index", { inputs: [spec("x")], outputs: [spec("x", 1)], steps: [MOVE, MOVE] }),
    describe("three steps, the last tree leaf empty", {
      inputs: [spec("x")],
      outputs: [spec("y", 2), spec("z", 2)],
      steps: [MOVE, MOVE, { ...MOVE, constRoot: wordOf("constants"), constDepth: 3 }],
    }),
    describe("largest values", {
      inputs: [spec("a long name of an input that takes more than one word"), spec("")],
      outputs: [{ name: "ünïcödé", dtype: 255, shape: [], step: 0xffff }],
      steps: [LARGE, LARGE],
    }),
    describe("nothing", { inputs: [], outputs: [], steps: [] }),
    describe("the end of a language model", { ...verses, steps: ending }, INTEGER_PROFILE),
    describe("largest values, in the second profile", { inputs: [], outputs: [], steps: [LARGE] }, INTEGER_PROFILE),
  ],
};
