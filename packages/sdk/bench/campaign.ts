/** Random models, every tensor of them, in the executor and in ONNX Runtime. */
import { networkCase, OPERATORS, operatorCase } from "../test/onnx/support/cases.ts";
import { compareRuns } from "../test/onnx/support/compare.ts";
import { RUNTIMES } from "../test/onnx/support/runtimes.ts";

/** Beyond the seeds of the tests. */
const FIRST_SEED = 1_000_000;

export interface CampaignFigures {
  readonly runtimes: readonly string[];
  /** By operator, and of all together. */
  readonly elements: Readonly<Record<string, number>>;
  readonly mismatches: number;
}

/** As many elements of each operator as of the others, and a tenth of all in networks. */
export async function benchCampaign(total: number, tick: (count: number) => void): Promise<CampaignFigures> {
  const networks = "networks";
  const share = (0.9 * total) / OPERATORS.length;
  const elements: Record<string, number> = {};
  let mismatches = 0;
  for (const subject of [...OPERATORS, networks]) {
    const goal = subject === networks ? 0.1 * total : share;
    let compared = 0;
    for (let seed = FIRST_SEED; compared < goal; seed += 1) {
      const drawn = subject === networks ? networkCase(seed) : operatorCase(subject, seed);
      const comparison = await compareRuns(drawn, RUNTIMES);
      mismatches += comparison.mismatches.reduce((sum, { count }) => sum + count, 0);
      const counts = [...comparison.elements.values()].reduce((sum, count) => sum + count, 0);
      const count = subject === networks ? counts : (comparison.elements.get(subject) ?? 0);
      compared += count;
      tick(count);
    }
    elements[subject] = compared;
  }
  const all = Object.values(elements).reduce((sum, count) => sum + count, 0);
  return { runtimes: RUNTIMES.map(({ name }) => name), elements: { ...elements, all }, mismatches };
}
