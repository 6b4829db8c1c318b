/** A tensor between the node and its runtime process: plain data, so that it can be cloned. */
export interface WireTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Node to runtime process. One request at a time. */
export interface RunRequest {
  readonly path: string;
  readonly digest: string;
  readonly inputs: readonly { readonly name: string; readonly tensor: WireTensor }[];
  readonly outputs: readonly string[];
}

/** Runtime process to node. `refused`: the model cannot run on this input. `failed`: it was not the input's fault. */
export type RunReply =
  | { readonly kind: "ready" }
  | { readonly kind: "outputs"; readonly outputs: readonly WireTensor[] }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };
