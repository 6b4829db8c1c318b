import type { Tensor } from "@opg-protocol/sdk";

import type { Executable, Executor } from "../../dist/execute/Executor.js";
import { eventually } from "./network.ts";

interface Run {
  readonly inputs: readonly Tensor[];
  readonly signal: AbortSignal | undefined;
  readonly end: (outputs: Tensor[] | Error) => void;
}

/** Runs end when a test says so, and as it says. */
export class ManualExecutor implements Executor {
  /** Those that have begun and not ended. */
  readonly running: Run[] = [];
  begun = 0;

  run(_version: Executable, inputs: readonly Tensor[], signal?: AbortSignal): Promise<Tensor[]> {
    this.begun += 1;
    return new Promise((resolve, reject) => {
      this.running.push({
        inputs,
        signal,
        end: (outputs) => {
          if (outputs instanceof Error) reject(outputs);
          else resolve(outputs);
        },
      });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Waits until so many runs have begun since the start. */
  async hasBegun(runs: number): Promise<void> {
    await eventually(`${runs} runs have begun`, () => Promise.resolve(this.begun >= runs));
  }

  /** Ends the oldest run. */
  end(outputs: Tensor[] | Error): void {
    this.running.shift()?.end(outputs);
  }
}
