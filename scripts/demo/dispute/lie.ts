/** The smallest lie that there is: one unit in one number of a middle layer. */
import { payloadRoot, WORD, type Tensor } from "@opg-protocol/sdk";
import { Executor, type Program } from "@opg-protocol/sdk/onnx";

/** Which node of the model the lie is in. */
const LAYER = "conv2";
const MOST = 255;

/** A byte of what a step makes, and what the liar makes of it. */
export interface Lie {
  readonly step: number;
  /** Place among the committed words. */
  readonly byte: number;
  readonly claimed: number;
}

/** Runs the model rightly but for one byte. What follows is computed from that. */
export class LyingExecutor extends Executor {
  readonly #lie: Lie;

  constructor(program: Program, lie: Lie) {
    super(program);
    this.#lie = lie;
  }

  override *tensors(inputs: readonly Tensor[]): Generator<readonly [step: number, words: Uint8Array]> {
    for (const [step, words] of super.tensors(inputs)) {
      // The steps to come read these very bytes.
      if (step === this.#lie.step) words[this.#lie.byte] = this.#lie.claimed;
      yield [step, words];
    }
  }
}

/** No number of the layer changes the output of this input. */
export class HarmlessInputError extends Error {
  constructor() {
    super(`One unit more in one number of ${LAYER} never changes the answer to this picture; take another one.`);
    this.name = "HarmlessInputError";
  }
}

/**
 * A number of the layer that changes the output if it is one more. In most pictures two in five do; the others are lost where
 * the largest of four is taken, or where sums are rounded. The brightest channel comes first: it is the best picture.
 * @throws HarmlessInputError if there is none.
 */
export function findLie(honest: Executor, input: readonly Tensor[]): Lie {
  const { program } = honest;
  const step = program.steps.findIndex(({ name }) => name === LAYER);
  const words = honest.words(input, step);
  const truth = payloadRoot(honest.run(input));
  for (const byte of brightestFirst(words)) {
    const lie: Lie = { step, byte, claimed: (words[byte] ?? 0) + 1 };
    const isByte = lie.claimed <= MOST;
    if (isByte && payloadRoot(new LyingExecutor(program, lie).run(input)) !== truth) return lie;
  }
  throw new HarmlessInputError();
}

/** All bytes of an image, by the sum of their channel and then by their own value. A pixel's channels are one word. */
function brightestFirst(words: Uint8Array): number[] {
  const sums = new Map<number, number>();
  words.forEach((value, byte) => sums.set(byte % WORD, (sums.get(byte % WORD) ?? 0) + value));
  const sumAt = (byte: number): number => sums.get(byte % WORD) ?? 0;
  return [...words.keys()].sort((a, b) => sumAt(b) - sumAt(a) || (words[b] ?? 0) - (words[a] ?? 0));
}
