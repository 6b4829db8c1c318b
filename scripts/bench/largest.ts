import { placementOf, type Program } from "../../packages/sdk/src/onnx/index.ts";
import { nth } from "../../test/support/actors.ts";

const WORD = 32;
/** Somewhere in the middle, so that no window is at an edge of an image, and a score of attention is of an earlier position. */
const PLACE = 0.5424;

/** A word of the largest tensor that a model computes. */
export interface LargestTensor {
  /** Number of the first step that makes so many words. */
  readonly step: number;
  readonly opcode: number;
  readonly shape: readonly number[];
  readonly words: number;
  /** The word that disputes are about. */
  readonly word: number;
}

/** The first step only copies what is given. */
export function largestTensorOf({ steps }: Program): LargestTensor {
  const wordsOf = (step: number): number => placementOf(nth(steps, step).step).byteLength / WORD;
  const step = [...steps.keys()]
    .slice(1)
    .reduce((largest, each) => (wordsOf(each) > wordsOf(largest) ? each : largest));
  const { opcode, shape } = nth(steps, step).step;
  return { step, opcode, shape, words: wordsOf(step), word: Math.floor(PLACE * wordsOf(step)) };
}
