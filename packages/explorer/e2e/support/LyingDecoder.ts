import type { Tensor } from "@opg-protocol/sdk";
import { Executor, type Program } from "@opg-protocol/sdk/onnx";

/** A number of a tensor that has a row for each token, and what the liar makes of it. */
export interface TokenLie {
  readonly step: number;
  readonly token: number;
  readonly element: number;
  readonly claimed: number;
}

/** Runs a language model rightly but for one sum of 32 bits. What follows is computed from that, and so is the text. */
export class LyingDecoder extends Executor {
  readonly #lie: TokenLie;

  constructor(program: Program, lie: TokenLie) {
    super(program);
    this.#lie = lie;
  }

  override *tensors(
    inputs: readonly Tensor[],
    stated?: readonly Tensor[],
  ): Generator<readonly [step: number, words: Uint8Array]> {
    const { token, element, claimed } = this.#lie;
    for (const [step, words] of super.tensors(inputs, stated)) {
      const width = this.program.steps[step]?.step.shape[1] ?? 1;
      // The steps to come read these very bytes.
      if (step === this.#lie.step)
        new DataView(words.buffer, words.byteOffset).setInt32(4 * (token * width + element), claimed, true);
      yield [step, words];
    }
  }
}
