import { sizeOf } from "../../../src/onnx/layout.ts";
import { compareTensors } from "../../../src/onnx/probe/compare.ts";
import { type Difference, expose, namedInputs } from "../../../src/onnx/index.ts";
import type { Runtime } from "./runtimes.ts";
import type { Case } from "./Sketch.ts";

export interface Comparison {
  /** Elements that were compared in each runtime, by the operator that made them. */
  readonly elements: ReadonlyMap<string, number>;
  readonly mismatches: readonly (Difference & { readonly runtime: string })[];
}

/** Runs a model here and in runtimes, and compares every tensor. */
export async function compareRuns(
  { file, program, inputs, stated }: Case,
  runtimes: readonly Runtime[],
): Promise<Comparison> {
  const elements = new Map<string, number>();
  for (const { step, name } of program.steps) {
    const operator = name.replace(/\d+$/, ""); // nodes are named after their operators
    elements.set(operator, (elements.get(operator) ?? 0) + sizeOf(step.shape));
  }
  const mismatches: Comparison["mismatches"][number][] = [];
  for (const { name: runtime, run } of runtimes)
    for (const difference of await compareTensors(file, program, inputs, run, stated))
      mismatches.push({ runtime, ...difference });
  return { elements, mismatches };
}

/** Elements of all tensors that the file has, too, and that are not given. */
export function comparedElements({ file, program, inputs, stated }: Case): number {
  const given = namedInputs(program, inputs, stated);
  const { names } = expose(file, program);
  const isCompared = (name = "") => name !== "" && !given.has(name);
  const compared = program.steps.filter((_, i) => isCompared(names[i]));
  return compared.reduce((count, { step }) => count + sizeOf(step.shape), 0);
}
