/** What the page and the worker that runs a model tell each other. */
import type { Tensor } from "@opg-protocol/sdk";

import type { NetworkConfig } from "../network/config.ts";

/** Page to worker, once, when it is ready. */
export interface LocalRunRequest {
  readonly config: NetworkConfig;
  readonly versionId: string;
  readonly input: readonly Tensor[];
}

/** Worker to page; `ready` comes first. */
export type LocalRunReply =
  | { readonly kind: "ready" }
  | { readonly kind: "step"; readonly text: string }
  | { readonly kind: "outputs"; readonly outputs: readonly Tensor[]; readonly ms: number }
  | { readonly kind: "failed"; readonly message: string };
