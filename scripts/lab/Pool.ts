import { availableParallelism } from "node:os";

import type { Build } from "./Build.ts";
import { Lab } from "./Lab.ts";

/** As many labs as the machine has cores, or fewer. */
export class Pool {
  readonly #free: Lab[];
  readonly size: number;

  private constructor(labs: Lab[]) {
    this.#free = labs;
    this.size = labs.length;
  }

  static async of(build: Build, most: number): Promise<Pool> {
    const labs = Array.from({ length: Math.max(1, Math.min(availableParallelism(), most)) }, () => new Lab(build));
    for (const lab of labs) await lab.prepare();
    return new Pool(labs);
  }

  /** Lends a lab; no more may be asked for at once than there are. */
  async lend<Result>(use: (lab: Lab) => Promise<Result>): Promise<Result> {
    const lab = this.#free.pop();
    if (lab === undefined) throw new Error("More is done at once than there are labs");
    try {
      return await use(lab);
    } finally {
      this.#free.push(lab);
    }
  }
}
