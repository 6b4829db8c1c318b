/** A tensor between the node and its runtime process: plain data, so that it can be cloned. */
export interface WireTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A tensor under the name that a file gives it. */
export interface NamedWireTensor {
  readonly name: string;
  readonly tensor: WireTensor;
}

/** A file that is loaded, once its bytes were found to have the digest. */
export interface CheckedFile {
  readonly path: string;
  /** sha-256. */
  readonly digest: string;
}

/** Runs a model; one that is shown its own output until it makes what it was shown. */
export interface RunRequest extends CheckedFile {
  readonly kind: "run";
  readonly inputs: readonly NamedWireTensor[];
  readonly outputs: readonly string[];
  /** Outputs that such a model is shown first; the others are zeros. */
  readonly drafts: readonly NamedWireTensor[];
}

/** Sequences that the process remembers at once. */
export const SLOTS = 8;

/** Goes on with a text, token by token. */
export interface StepRequest extends CheckedFile {
  readonly kind: "step";
  /** Below `SLOTS`: where what was said before is remembered. */
  readonly slot: number;
  /** Of the first of the tokens; 0 begins another text. */
  readonly position: number;
  /** What was said behind all that is remembered. */
  readonly tokens: Uint8Array;
  readonly seed: number;
  readonly temperature: number;
}

/** Node to runtime process. One request at a time. */
export type Request = RunRequest | StepRequest;

/** Runtime process to node. `refused`: the model cannot run on this input. `failed`: it was not the input's fault. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "outputs"; readonly outputs: readonly WireTensor[]; readonly runs: number }
  | { readonly kind: "token"; readonly token: number }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };
