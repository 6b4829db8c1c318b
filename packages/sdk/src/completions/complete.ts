import type { Tensor } from "../codecs/tensor.ts";
import type { NamedTensor } from "../oip/tensors.ts";
import {
  completionInputs,
  type CompletionOrder,
  type CompletionSignature,
  completionText,
  type CompletionText,
  limitOf,
} from "./order.ts";

/** What is asked of a version, in whatever way. */
export interface CompletionCall {
  readonly inputs: readonly NamedTensor[];
  /** Most bytes of the answer, which a price can depend on. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** A way to have a version run: `throughJob` and `throughSession` make one. */
export interface CompletionTransport<Statement> {
  /** What the version takes and gives. */
  signature(): Promise<CompletionSignature>;
  /** What a node states, and by what it is bound to that. */
  ask(call: CompletionCall): Promise<{ readonly outputs: readonly Tensor[]; readonly statement: Statement }>;
}

/** Parameters of {@link complete}. */
export interface CompleteParameters<Statement> {
  readonly order: CompletionOrder;
  /** Who answers, how it is paid, and what binds it. */
  readonly through: CompletionTransport<Statement>;
  readonly signal?: AbortSignal;
}

/** A text, and all that a dispute about it takes. */
export interface Completion<Statement> extends CompletionText {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** What the node has stated. */
  readonly statement: Statement;
}

/**
 * Has a node continue a prompt. It is bound to the text, which is not checked here: `verifyCompletion` does that with one run.
 * @throws NoCompletionModelError, CompletionOrderError before anything is paid; CompletionTextError if the node has stated what
 * cannot be right; what the transport throws.
 */
export async function complete<Statement>(parameters: CompleteParameters<Statement>): Promise<Completion<Statement>> {
  const { order, through, signal } = parameters;
  const signature = await through.signature();
  const inputs = completionInputs(signature, order);
  const { outputs, statement } = await through.ask({ inputs, limit: limitOf(signature, order), signal });
  return { ...completionText(signature, order, outputs), inputs, outputs, statement };
}
