/** Whether something is as it must be; `untold` where what would tell is not there. */
export type Finding = "holds" | "fails" | "untold";

/** What is checked of a result. */
export type CheckSubject = "order" | "input" | "statements" | "signatures" | "settlement" | "output";

/** One thing that was checked. */
export interface Check {
  readonly subject: CheckSubject;
  readonly finding: Finding;
  /** What was found, with the values, in a sentence. */
  readonly text: string;
}

/** What all checks say together. `incomplete`: none fails, but some could not be told. */
export type VerificationVerdict = "verified" | "refuted" | "incomplete";

export const verdictOf = (checks: readonly Check[]): VerificationVerdict => {
  if (checks.some(({ finding }) => finding === "fails")) return "refuted";
  return checks.every(({ finding }) => finding === "holds") ? "verified" : "incomplete";
};

/** A check of two values that must be equal. */
export function equalCheck(subject: CheckSubject, what: string, found: string, expected: string): Check {
  return found.toLowerCase() === expected.toLowerCase()
    ? { subject, finding: "holds", text: `${what} is ${expected}.` }
    : { subject, finding: "fails", text: `${what} is ${found}, and must be ${expected}.` };
}
