import type { Tensor, TensorSpec } from "@opg-protocol/sdk";

/** A version that an executor can run: a file that was checked, and the names of its inputs and outputs. */
export interface Executable {
  readonly versionId: string;
  /** Where the checked file lies. */
  readonly path: string;
  /** sha-256 that the bytes must have when they are loaded. */
  readonly digest: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Whether a referee judges it: then the inputs of what is stated about it are kept. */
  readonly isJudged?: boolean;
  /** Whether it is shown what is stated about it: then that is kept, too. */
  readonly isShown?: boolean;
}

/** Runs models. What is behind it, a process here or a cluster elsewhere, is nobody else's concern. */
export interface Executor {
  /**
   * The outputs of a version for an input, in the order of its signature.
   * @throws RefusedByModelError if the model itself cannot run on this input, which every node finds alike;
   * ExecutionError if it failed here; RunDeclinedError if that says nothing of the version.
   */
  run(version: Executable, inputs: readonly Tensor[], signal?: AbortSignal): Promise<Tensor[]>;

  close(): Promise<void>;
}
