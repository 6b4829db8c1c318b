import type { Tensor, TensorSpec } from "@opg-protocol/sdk";

import type { CheckedFile } from "./protocol.ts";

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
  /** Of a language model: a graph that writes its texts token by token. What that writes is confirmed before it is believed. */
  readonly decode?: CheckedFile;
}

/** Is told the bytes of a text as they are written, before the text is confirmed. */
export type Watch = (bytes: Uint8Array) => void;

/** Runs models. What is behind it, a process here or a cluster elsewhere, is nobody else's concern. */
export interface Executor {
  /**
   * The outputs of a version for an input, in the order of its signature.
   * @throws RefusedByModelError if the model itself cannot run on this input, which every node finds alike;
   * ExecutionError if it failed here; RunDeclinedError if that says nothing of the version.
   * @param watch Is told what is written of a text, by executors that can tell.
   */
  run(version: Executable, inputs: readonly Tensor[], signal?: AbortSignal, watch?: Watch): Promise<Tensor[]>;

  close(): Promise<void>;
}
