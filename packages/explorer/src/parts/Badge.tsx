import type { ReactNode } from "react";

/** What a badge means, beside what it says. */
export type Tone = "good" | "bad" | "wait" | "plain";

/** A state in a word. */
export function Badge({ tone = "plain", children }: { readonly tone?: Tone; readonly children: ReactNode }): ReactNode {
  return <span className={`badge ${tone}`}>{children}</span>;
}
