import type { JobStatement } from "../../entities/jobs.ts";

/** One output, and those who have stated it. */
export interface StatedOutput {
  readonly root: string;
  readonly statements: readonly JobStatement[];
  /** Whether it is the result of the job. */
  readonly isResult: boolean;
}

/** What nodes have stated, by output: the result first, then what most have stated. */
export function outputsOf(statements: readonly JobStatement[], result: string | undefined): readonly StatedOutput[] {
  const groups = Map.groupBy(statements, ({ outputRoot }) => outputRoot);
  if (result !== undefined && !groups.has(result)) groups.set(result, []);
  return [...groups]
    .map(([root, group]) => ({ root, statements: group, isResult: root === result }))
    .sort((a, b) => Number(b.isResult) - Number(a.isResult) || b.statements.length - a.statements.length);
}
