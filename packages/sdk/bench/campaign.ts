/** Random models, every tensor of them, in the executor and in ONNX Runtime. */
import { networkCase, OPERATORS, operatorCase } from "../test/onnx/support/cases.ts";
import { comparedElements, compareRuns, type Comparison } from "../test/onnx/support/compare.ts";
import { RUNTIMES } from "../test/onnx/support/runtimes.ts";
import type { Case } from "../test/onnx/support/Sketch.ts";
import { drawIntegers } from "../test/onnx/profile2/support/IntegerSketch.ts";
import { SUBJECTS } from "../test/onnx/profile2/support/operators.ts";

/** Beyond the seeds of the tests. */
export const FIRST_SEED = 1_000_000;
/** Nodes of one operator that stand side by side in a graph of integers. */
const NODES = 12;

/** What models are drawn of. */
interface Subject {
  readonly name: string;
  /** Elements that are to be compared, at least. */
  readonly goal: number;
  readonly draw: (seed: number) => Case;
  /** Elements of it in a model that was compared. */
  readonly count: (drawn: Case, comparison: Comparison) => number;
}

export interface ComparedFigures {
  readonly runtimes: readonly string[];
  /** By operator, and of all together. */
  readonly elements: Readonly<Record<string, number>>;
  readonly mismatches: number;
  /** The models that differ in them, by what they are drawn of and their seeds. */
  readonly differing: readonly string[];
  /** The last seed of any subject. */
  readonly lastSeed: number;
}

/** As many elements of each operator of bytes as of the others, and a tenth of all in networks. */
export function byteSubjects(total: number): Subject[] {
  const goal = (0.9 * total) / OPERATORS.length;
  const operators = OPERATORS.map((name) => ({
    name,
    goal,
    draw: (seed: number) => operatorCase(name, seed),
    count: (_: Case, { elements }: Comparison) => elements.get(name) ?? 0,
  }));
  const allOf = (_: Case, { elements }: Comparison) => [...elements.values()].reduce((sum, count) => sum + count, 0);
  return [...operators, { name: "networks", goal: 0.1 * total, draw: networkCase, count: allOf }];
}

/** As many elements in models of each operator of integers as in those of the others. */
export function integerSubjects(total: number): Subject[] {
  const subjects = Object.entries(SUBJECTS);
  return subjects.map(([name, draw]) => ({
    name,
    goal: total / subjects.length,
    draw: (seed) =>
      drawIntegers(seed, (sketch) => {
        for (let i = 0; i < NODES; i += 1) draw(sketch);
      }),
    count: comparedElements,
  }));
}

/** Draws models of each subject, seed by seed, and compares them. */
export async function benchCampaign(
  subjects: readonly Subject[],
  tick: (count: number) => void = () => undefined,
  firstSeed = FIRST_SEED,
): Promise<ComparedFigures> {
  const elements: Record<string, number> = {};
  const differing: string[] = [];
  let mismatches = 0;
  let lastSeed = firstSeed;
  for (const { name, goal, draw, count: countIn } of subjects) {
    let compared = 0;
    for (let seed = firstSeed; compared < goal; seed += 1) {
      const drawn = draw(seed);
      const comparison = await compareRuns(drawn, RUNTIMES);
      mismatches += comparison.mismatches.reduce((sum, { count }) => sum + count, 0);
      if (comparison.mismatches.length > 0) differing.push(`${name}, seed ${seed}`);
      lastSeed = Math.max(lastSeed, seed);
      const count = countIn(drawn, comparison);
      compared += count;
      tick(count);
    }
    elements[name] = compared;
  }
  const all = Object.values(elements).reduce((sum, count) => sum + count, 0);
  const runtimes = RUNTIMES.map(({ name }) => name);
  return { runtimes, elements: { ...elements, all }, mismatches, differing, lastSeed };
}
