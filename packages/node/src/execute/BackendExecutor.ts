import type { Tensor } from "@opg-protocol/sdk";

import { ForeignRefusalError } from "./errors.ts";
import type { Executable, Executor, Watch } from "./Executor.ts";
import type { KserveExecutor } from "./KserveExecutor.ts";

/** Runs each version where the operator wants it run, and everything else in the runtime here. */
export class BackendExecutor implements Executor {
  constructor(
    private readonly backend: KserveExecutor,
    private readonly embedded: Executor,
  ) {}

  async run(version: Executable, inputs: readonly Tensor[], signal?: AbortSignal, watch?: Watch): Promise<Tensor[]> {
    if (this.backend.modelOf(version.versionId) === undefined) return this.embedded.run(version, inputs, signal, watch);
    try {
      return await this.backend.run(version, inputs, signal);
    } catch (error) {
      if (!(error instanceof ForeignRefusalError)) throw error;
      // That the model refuses an input is a result, for which stake answers: it is found here, or not at all.
      return this.embedded.run(version, inputs, signal, watch);
    }
  }

  async close(): Promise<void> {
    await this.backend.close();
    await this.embedded.close();
  }
}
