import type { Tensor } from "../codecs/tensor.ts";
import { compile } from "../onnx/compile.ts";
import { Executor } from "../onnx/executor.ts";
import { INTEGER_PROFILE } from "../onnx/program.ts";
import type { NamedTensor } from "../oip/tensors.ts";
import { CompletionTextError } from "./errors.ts";
import { completionInputs, completionOutput, type CompletionOrder, type CompletionSignature } from "./order.ts";

/** A language model that can be run here. */
export interface CompletionModel extends CompletionSignature {
  /** What the model makes of an order when it is shown a text: the text as it must be. Whatever runs the file will do. */
  readonly run: (inputs: readonly NamedTensor[], stated: NamedTensor) => Promise<readonly Tensor[]> | readonly Tensor[];
}

/**
 * A language model out of its file, the one under whose digest it was released. It runs as the referee computes, in any browser;
 * ONNX Runtime makes the same bytes, only sooner.
 * @throws ModelRefusedError if no referee judges the file; NoCompletionModelError when it is asked, if it is no language model.
 */
export function completionModel(file: Uint8Array): CompletionModel {
  const program = compile(file, INTEGER_PROFILE);
  const executor = new Executor(program);
  return { inputs: program.inputs, outputs: program.outputs, run: (inputs, stated) => executor.run(inputs, [stated]) };
}

/** Parameters of {@link verifyCompletion}. */
export interface VerifyCompletionParameters {
  readonly model: CompletionModel;
  readonly order: CompletionOrder;
  /** Of the text that is to be checked, as `complete` gives them. */
  readonly bytes: Uint8Array;
}

/** A byte that is not what the model says. */
export interface WrongByte {
  /** In the window, where the prompt begins at 0. */
  readonly position: number;
  /** What is stated; 0 where the text is said to be over. */
  readonly claimed: number;
  /** What the model says behind all that comes before; 0 where it says that the text is over. */
  readonly right: number;
}

/** What a run of the model says of a text. */
export type CompletionVerdict =
  | { readonly isRight: true }
  /** What comes behind the first wrong byte follows from it, so that nothing can be said of it. */
  | { readonly isRight: false; readonly first: WrongByte };

/**
 * Finds out with one run of the model whether a text is what it says.
 * @throws NoCompletionModelError, CompletionOrderError, CompletionTextError; what the model's `run` throws.
 */
export async function verifyCompletion(parameters: VerifyCompletionParameters): Promise<CompletionVerdict> {
  const { model, order, bytes } = parameters;
  const stated = completionOutput(model, order, bytes);
  const [made] = await model.run(completionInputs(model, order), stated);
  if (made?.data.length !== stated.data.length) throw new CompletionTextError("the model that ran here makes none");
  const position = stated.data.findIndex((byte, at) => byte !== made.data[at]);
  if (position < 0) return { isRight: true };
  return {
    isRight: false,
    first: { position, claimed: stated.data[position] ?? 0, right: made.data[position] ?? 0 },
  };
}
