/** What a page and its worker tell each other. */
import type { NetworkConfig } from "../network/config.ts";
import type { Report, Step } from "./steps.ts";
import type { GivenBatchLeaf, GivenReceipt } from "./given.ts";

/** What a worker is to check. */
export type Task =
  | { readonly kind: "job"; readonly jobId: string }
  | { readonly kind: "receipt"; readonly given: GivenReceipt }
  | { readonly kind: "leaf"; readonly given: GivenBatchLeaf };

/** Page to worker, once, when it is ready. */
export interface Request {
  readonly config: NetworkConfig;
  readonly task: Task;
  /** The model's file, if the user has given it. */
  readonly artifact: Uint8Array | undefined;
}

/** Worker to page; `ready` comes first. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "step"; readonly step: Step }
  | { readonly kind: "report"; readonly report: Report }
  | { readonly kind: "failed"; readonly message: string };
