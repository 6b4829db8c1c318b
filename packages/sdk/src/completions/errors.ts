import type { TensorSpec } from "../codecs/model.ts";
import type { OptimisticState } from "../codecs/optimisticJob.ts";
import type { PayloadError } from "../codecs/payload.ts";

/** A version that continues no prompts: its inputs and outputs are not those of a language model. */
export class NoCompletionModelError extends Error {
  readonly inputs: readonly TensorSpec[];

  constructor(inputs: readonly TensorSpec[], reason: string) {
    super(
      `This is no language model: ${reason}. One takes prompt (bytes of a window), limit, seed and temperature (one int32 each), ` +
        "and makes text (bytes of the same window).",
    );
    this.name = "NoCompletionModelError";
    this.inputs = inputs;
  }
}

/** A completion that no model with this window can make. */
export class CompletionOrderError extends Error {
  readonly field: "prompt" | "limit" | "seed" | "temperature";

  constructor(field: CompletionOrderError["field"], reason: string) {
    super(`The ${field} ${reason}.`);
    this.name = "CompletionOrderError";
    this.field = field;
  }
}

/** What is stated is no text behind the prompt, so that it cannot be right, whatever the model says. */
export class CompletionTextError extends Error {
  constructor(reason: string) {
    super(`What is stated is no text for this order: ${reason}.`);
    this.name = "CompletionTextError";
  }
}

/** A job came to its end without a text. */
export class NoCompletionError extends Error {
  readonly jobId: string;
  readonly state: OptimisticState;
  /** What the node states in place of a text, if it states anything. */
  readonly fault: PayloadError | undefined;

  constructor(jobId: string, state: OptimisticState, fault?: PayloadError) {
    const why = fault === undefined ? `it is in state ${state}` : `the node states error ${fault} in place of one`;
    super(`Job ${jobId} has no text: ${why}. What was not earned is back in the balance; order again.`);
    this.name = "NoCompletionError";
    this.jobId = jobId;
    this.state = state;
    this.fault = fault;
  }
}
