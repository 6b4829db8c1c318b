/** What the page and the worker of a trial tell each other. */
import type { Tensor } from "@opg-protocol/sdk";

/** Page to worker, once, when it is ready. */
export interface TrialRequest {
  readonly file: Uint8Array;
  /** Undefined where the input is not to be had: the file is compiled, then, and not run. */
  readonly inputs: readonly Tensor[] | undefined;
}

/** Worker to page. */
export type TrialReply = "ready" | "over";
