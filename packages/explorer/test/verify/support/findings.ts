/** What reports say, in a form that tests compare. */
import type { FindingKind, Report } from "../../../src/verify/steps.ts";

/** What was found about each subject, the worst of it. */
export function findings({ steps }: Report): Readonly<Record<string, FindingKind>> {
  const worst: Record<string, FindingKind> = {};
  for (const { subject, finding } of steps.flatMap((step) => step.findings)) {
    if (worst[subject] !== "fails" && (worst[subject] === undefined || finding !== "holds")) worst[subject] = finding;
  }
  return worst;
}

/** All sentences. */
export const texts = ({ steps }: Report): string =>
  steps.flatMap((step) => [...step.findings.map(({ text }) => text), ...step.notes]).join("\n");

/** What is found of an honest answer. */
export const ALL = {
  order: "holds",
  settlement: "holds",
  statements: "holds",
  signatures: "holds",
  input: "holds",
  version: "holds",
  artifact: "holds",
  output: "holds",
  graph: "holds",
  reference: "holds",
  runtime: "holds",
  trace: "holds",
};
