import { largeGraph, largePayload } from "../../packages/cli/bench/largeModel.ts";
import { compile, Executor, INTEGER_PROFILE, type Program } from "../../packages/sdk/src/onnx/index.ts";
import { ForgingExecutor } from "../../test/support/forging.ts";
import { playLongGame } from "../../test/support/longGame.ts";
import { loadFixture } from "../../test/support/network.ts";
import { players } from "../../test/support/players.ts";
import { type LargestTensor, largestTensorOf } from "./largest.ts";

const WORD = 32;

export interface LargeDispute extends LargestTensor {
  readonly steps: number;
  /** Of each move in its order, and whole. */
  readonly gas: Readonly<Record<string, number>>;
}

/** A whole dispute about a text of a large language model: a node has changed one element of the largest tensor. */
export async function disputeLargeCompletion(): Promise<LargeDispute> {
  const program = compile(largeGraph(), INTEGER_PROFILE);
  const largest = largestTensorOf(program);
  const { inputs, stated } = largePayload(program);
  const node = liar(program, largest, stated[0].data);
  const sides = { challenger: new Executor(program), node, inputs, stated };
  const moves = await playLongGame(await loadFixture(players), sides);
  const gas = Object.fromEntries(Object.entries(moves).map(([move, { gasUsed }]) => [move, Number(gasUsed)]));
  const whole = Object.values(gas).reduce((sum, each) => sum + each, 0);
  return { steps: program.steps.length, ...largest, gas: { ...gas, whole } };
}

/** Changes a number in a word of a step, and says of the last step that it makes the text that is stated. */
function liar(program: Program, { step, word }: LargestTensor, text: Uint8Array): Executor {
  const last = program.steps.length - 1;
  return new ForgingExecutor(program, (made, words) => {
    if (made === step) words[word * WORD] = (words[word * WORD] ?? 0) ^ 1;
    if (made === last) words.set(text);
  });
}
