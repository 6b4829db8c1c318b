/** What the page and the worker of a trial tell each other. */
import type { Tensor } from "@opg-protocol/sdk";

/** Page to worker, once, when it is ready. */
export interface TrialRequest {
  readonly file: Uint8Array;
  /** As the version names it. */
  readonly profile: string;
  /** Undefined where the input is not to be had: the file is compiled, then, and not run. */
  readonly inputs: readonly Tensor[] | undefined;
  /** What was stated, for a model that is shown it; undefined where that is not to be had. */
  readonly stated: readonly Tensor[] | undefined;
}

/** Worker to page. */
export type TrialReply = "ready" | "over";
