import type { ReactNode } from "react";

import { Badge, type Tone } from "../parts/Badge.tsx";
import { ForeignBlock } from "../parts/ForeignBlock.tsx";
import { ForeignText } from "../parts/ForeignText.tsx";
import type { Finding, FindingKind, Step } from "./steps.ts";

/** How a finding looks, and what it is called. */
const LOOKS: Readonly<Record<FindingKind, { readonly tone: Tone; readonly word: string }>> = {
  holds: { tone: "good", word: "holds" },
  fails: { tone: "bad", word: "fails" },
  untold: { tone: "wait", word: "not known" },
};

/** Most characters of a sentence in which foreign parts stand. */
const LONGEST = 700;

/** The steps of a check with what each has found. */
export function StepList({ steps }: { readonly steps: readonly Step[] }): ReactNode {
  return (
    <ol className="timeline">
      {steps.map((step) => (
        <li key={step.id} className={lookOf(step)}>
          <strong>{step.title}</strong> <span className="muted">{stateText(step)}</span>
          {step.state === "running" && step.progress !== undefined && (
            <progress aria-label={step.title} value={step.progress} max={1} />
          )}
          {step.findings.map((finding, i) => (
            <FoundLine key={i} finding={finding} />
          ))}
          {step.quotes.map(({ title, text }) => (
            <figure key={title}>
              <figcaption>{title}</figcaption>
              <ForeignBlock text={text} />
            </figure>
          ))}
          {step.notes.map((note, i) => (
            <p key={i} className="muted">
              <ForeignText text={note} max={LONGEST} />
            </p>
          ))}
        </li>
      ))}
    </ol>
  );
}

function FoundLine({ finding: { finding, text, detail } }: { readonly finding: Finding }): ReactNode {
  const { tone, word } = LOOKS[finding];
  return (
    <div>
      <Badge tone={tone}>{word}</Badge> <ForeignText text={text} max={LONGEST} />
      {detail.length > 0 && (
        <details>
          <summary>Values</summary>
          <ul>
            {detail.map((line) => (
              <li key={line}>
                <ForeignText text={line} max={LONGEST} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** The colour of a step's mark: of the worst that it has found. */
function lookOf({ state, findings }: Step): Tone {
  if (state !== "done") return "wait";
  const worst = (["fails", "untold", "holds"] as const).find((kind) =>
    findings.some(({ finding }) => finding === kind),
  );
  return worst === undefined ? "plain" : LOOKS[worst].tone;
}

function stateText({ state, ms }: Step): string {
  if (state === "running") return "running …";
  return ms === undefined ? "" : timeText(ms);
}

/** A number of milliseconds for people. */
export const timeText = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
