import "./charts.css";

import type { ReactNode } from "react";
import { Link } from "wouter";

import { formatTime } from "../format.ts";

/** What became, or becomes, of a run. */
export type RunState = "done" | "due" | "next" | "missed";

/** One run of something that repeats. */
export interface CalendarRun {
  /** Unix seconds. */
  readonly at: number;
  readonly state: RunState;
  /** A route of this page. */
  readonly to?: string;
}

interface Props {
  readonly title: string;
  /** Oldest first. */
  readonly runs: readonly CalendarRun[];
}

const SIGNS: Readonly<Record<RunState, string>> = { done: "✓", due: "!", next: "·", missed: "×" };

/** Runs as a row of small fields, the oldest first; each says in words what it stands for. */
export default function CalendarStrip({ title, runs }: Props): ReactNode {
  const count = (state: RunState): number => runs.filter((run) => run.state === state).length;
  return (
    <figure className="chart">
      <figcaption>
        {title}: {count("done")} done, {count("missed")} missed, {count("due")} due, {count("next")} to come
      </figcaption>
      <ol className="calendar-strip">
        {runs.map((run, index) => (
          <li key={index}>
            <Field run={run} />
          </li>
        ))}
      </ol>
    </figure>
  );
}

function Field({ run: { at, state, to } }: { readonly run: CalendarRun }): ReactNode {
  const text = `${formatTime(at)}: ${state}`;
  const className = `calendar-run calendar-${state}`;
  if (to !== undefined) {
    return (
      <Link href={to} className={className} title={text} aria-label={text}>
        {SIGNS[state]}
      </Link>
    );
  }
  return (
    <span className={className} title={text} role="img" aria-label={text}>
      {SIGNS[state]}
    </span>
  );
}
