import { type Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import { Executor, type Program } from "../../packages/sdk/src/onnx/index.ts";

/** Writes what a step has made anew, in place. It is shown what the steps before have made. */
export type Forge = (step: number, words: Uint8Array, before: ReadonlyMap<number, Uint8Array>) => void;

/** Makes the tensor of a step in his own way. What follows is computed from that. */
export class ForgingExecutor extends Executor {
  readonly #forge: Forge;

  constructor(program: Program, forge: Forge) {
    super(program);
    this.#forge = forge;
  }

  override *tensors(
    inputs: readonly Tensor[],
    stated: readonly Tensor[] = [],
  ): Generator<readonly [step: number, words: Uint8Array]> {
    const before = new Map<number, Uint8Array>();
    for (const [step, words] of super.tensors(inputs, stated)) {
      // The steps to come read these very bytes.
      this.#forge(step, words, before);
      before.set(step, Uint8Array.from(words));
      yield [step, words];
    }
  }
}

/** A byte of what a step makes. */
export interface ByteOfStep {
  readonly step: number;
  readonly byte: number;
}

/** Makes some bytes one unit more. */
export const addsOne =
  (...lies: readonly ByteOfStep[]): Forge =>
  (made, words) => {
    for (const { step, byte } of lies) if (step === made) words[byte] = (words[byte] ?? 0) + 1;
  };
