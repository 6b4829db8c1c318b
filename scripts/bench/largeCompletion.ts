import { largeGraph, largePayload } from "../../packages/cli/bench/largeModel.ts";
import { compile, Executor, INTEGER_PROFILE, placementOf, type Program } from "../../packages/sdk/src/onnx/index.ts";
import { nth } from "../../test/support/actors.ts";
import { ForgingExecutor } from "../../test/support/completions.ts";
import { playLongGame } from "../../test/support/longGame.ts";
import { loadFixture } from "../../test/support/network.ts";
import { players } from "../../test/support/players.ts";

const WORD = 32;
/** Where in a tensor of scores [12, 256, 256] the node changes one: head 6 of position 130, which looks at position 64. */
const PLACE = 0.5424;

export interface LargeDispute {
  readonly steps: number;
  /** Number of the step that is disputed. */
  readonly step: number;
  readonly opcode: number;
  readonly shape: readonly number[];
  readonly words: number;
  /** Of each move in its order, and whole. */
  readonly gas: Readonly<Record<string, number>>;
}

/** A whole dispute about a text of a large language model: a node has changed one element of the largest tensor. */
export async function disputeLargeCompletion(): Promise<LargeDispute> {
  const program = compile(largeGraph(), INTEGER_PROFILE);
  const step = largestStep(program);
  const words = wordsOf(program, step);
  const { inputs, stated } = largePayload(program);
  const node = liar(program, step, Math.floor(PLACE * words), stated[0].data);
  const sides = { challenger: new Executor(program), node, inputs, stated };
  const moves = await playLongGame(await loadFixture(players), sides);
  const gas = Object.fromEntries(Object.entries(moves).map(([move, { gasUsed }]) => [move, Number(gasUsed)]));
  const whole = Object.values(gas).reduce((sum, each) => sum + each, 0);
  const { opcode, shape } = nth(program.steps, step).step;
  return { steps: program.steps.length, step, opcode, shape, words, gas: { ...gas, whole } };
}

const wordsOf = ({ steps }: Program, step: number): number => placementOf(nth(steps, step).step).byteLength / WORD;

/** The first step of those that make the most words. */
function largestStep(program: Program): number {
  const steps = [...program.steps.keys()];
  return steps.reduce((largest, step) => (wordsOf(program, step) > wordsOf(program, largest) ? step : largest));
}

/** Changes a number in a word of a step, and says of the last step that it makes the text that is stated. */
function liar(program: Program, step: number, word: number, text: Uint8Array): Executor {
  const last = program.steps.length - 1;
  return new ForgingExecutor(program, (made, words) => {
    if (made === step) words[word * WORD] = (words[word * WORD] ?? 0) ^ 1;
    if (made === last) words.set(text);
  });
}
