/** Every tensor of language models, in the executor and in ONNX Runtime. */
import { compile, INTEGER_PROFILE, type Program } from "@opg-protocol/sdk/onnx";

import { comparedElements, compareRuns } from "../../sdk/test/onnx/support/compare.ts";
import { Random } from "../../sdk/test/onnx/support/Random.ts";
import { RUNTIMES } from "../../sdk/test/onnx/support/runtimes.ts";
import { randomPassGraph } from "../src/model/exportLm/randomLlama.ts";
import { type Order, type Payload, payloadOf } from "./orders.ts";
import { readVerses } from "./verses.ts";

export interface ElementFigures {
  readonly runtimes: readonly string[];
  /** Of the model of the examples. */
  readonly verses: number;
  /** Of random layers. */
  readonly layers: number;
  readonly all: number;
  readonly mismatches: number;
}

/** A model, and what it is asked. */
interface Run {
  readonly file: Uint8Array;
  readonly program: Program;
  readonly payload: Payload;
}

/** Half of the elements in the model of the examples, half in random layers. */
export async function benchElements(total: number, tick: (count: number) => void): Promise<ElementFigures> {
  const random = new Random(7);
  const sum = { elements: 0, mismatches: 0 };
  const compareUntil = async (goal: number, draw: () => Run): Promise<number> => {
    const before = sum.elements;
    while (sum.elements < goal) {
      const { payload, ...model } = draw();
      const run = { ...model, ...payload };
      const { mismatches } = await compareRuns(run, RUNTIMES);
      const count = comparedElements(run);
      sum.elements += count;
      sum.mismatches += mismatches.reduce((bytes, difference) => bytes + difference.count, 0);
      tick(count);
    }
    return sum.elements - before;
  };
  const shipped = [64, 128].map((length) => compiled(readVerses(`pass-${length}.onnx`)));
  const verses = await compareUntil(total / 2, () => withOrder(random.pick(shipped), random, heldBack(random)));
  const layers = await compareUntil(total, () => withOrder(compiled(drawLayer(random)), random, random.bytes(64)));
  const { elements: all, mismatches } = sum;
  return { runtimes: RUNTIMES.map(({ name }) => name), verses, layers, all, mismatches };
}

type Model = Pick<Run, "file" | "program">;

const compiled = (file: Uint8Array): Model => ({ file, program: compile(file, INTEGER_PROFILE) });

/** A model with a prompt and a stated text out of `words`, of random lengths, and random noise. */
function withOrder({ file, program }: Model, random: Random, words: Uint8Array): Run {
  const length = program.outputs[0]?.shape[0] ?? 0;
  const prompt = promptOf(words.subarray(0, random.int(1, length - 1)));
  const order: Order = {
    prompt,
    limit: random.chance(0.5) ? length : random.int(prompt.length, length),
    seed: random.int(-(2 ** 31), 2 ** 31 - 1),
    temperature: random.pick([0, 1, 128, 256, 1024, random.int(0, 1024)]),
  };
  return { file, program, payload: payloadOf(program, order, words.subarray(prompt.length)) };
}

/** Without zeros, which end a prompt. */
const promptOf = (words: Uint8Array): Uint8Array => words.map((byte) => Math.max(1, byte));

const LINE_END = 10;
const text = readVerses("held-back.txt").map((byte) => (byte === LINE_END ? 0 : byte));

/** Some of the text that the model of the examples has not learnt. */
function heldBack(random: Random): Uint8Array {
  const start = random.int(0, text.length - 128);
  return text.subarray(start, start + 128);
}

/** One layer of random sizes. */
function drawLayer(random: Random): Uint8Array {
  const headWidth = random.pick([32, 64, 128]);
  const width = random.pick([256, 384, 512, 768]);
  const heads = width / headWidth;
  const keyHeads = random.pick([1, 2, heads].filter((count) => heads % count === 0));
  const innerWidth = Math.round(random.pick([2, 8 / 3, 4]) * width);
  const length = random.int(16, 64);
  const sizes = { layers: 1, width, innerWidth, heads, keyHeads, headWidth, context: length };
  const config = { ...sizes, epsilon: 1e-5, theta: 10_000, tied: false };
  return randomPassGraph(config, length);
}
