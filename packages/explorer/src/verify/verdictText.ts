/** How verdicts look, and what they are called. */
import type { Verdict } from "./steps.ts";

/** A verdict, for people. */
export interface VerdictLook {
  readonly tone: "good" | "bad" | "wait";
  readonly title: string;
  readonly text: string;
}

const LOOKS: Readonly<Record<Verdict, VerdictLook>> = {
  verified: {
    tone: "good",
    title: "Verified",
    text: "Everything that was checked holds, and nothing was left open.",
  },
  refuted: {
    tone: "bad",
    title: "Refuted",
    text: "At least one check fails. See below which one.",
  },
  incomplete: {
    tone: "wait",
    title: "Incomplete",
    text: "No check fails, but this could not be told:",
  },
};

/** Anybody can post a batch of anything: that a leaf is there says nothing of what it states. */
const IN_BATCH: VerdictLook = {
  tone: "good",
  title: "In the batch",
  text: "The batch was posted, and has this statement at this place. Whether what it states is true was not checked.",
};

/** @param isResult Whether a result was computed again; a leaf of a batch has none, so it is never called verified. */
export const verdictLook = (verdict: Verdict, isResult: boolean): VerdictLook =>
  verdict === "verified" && !isResult ? IN_BATCH : LOOKS[verdict];
