/** What is checked, in steps that a page can show while they run. Pure: no DOM, no network. */

/** Whether something is as it must be; `untold` where what would tell is not there. */
export type FindingKind = "holds" | "fails" | "untold";

/** What a finding is about. */
export type Subject =
  | "order"
  | "settlement"
  | "statements"
  | "signatures"
  | "input"
  | "output"
  | "version"
  | "artifact"
  | "graph"
  | "reference"
  | "runtime"
  | "trace"
  | "error"
  | "receipt"
  | "session"
  | "terms"
  | "batch"
  | "shown";

/** One thing that was looked at. */
export interface Finding {
  readonly subject: Subject;
  readonly finding: FindingKind;
  /** What was found, in a sentence, with the values. */
  readonly text: string;
  /** Further values, a line each. */
  readonly detail: readonly string[];
}

/** A text of somebody else, which stands apart from what the page says. */
export interface Quote {
  /** What it is. */
  readonly title: string;
  readonly text: string;
}

/** How far a step is. */
export type StepState = "running" | "done";

/** A step of a check. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  /** Whether it computes with foreign files, so that a clock has to run. */
  readonly isHeavy: boolean;
  /** 0 to 1, where it is known. */
  readonly progress: number | undefined;
  readonly findings: readonly Finding[];
  /** What there is to know besides, and decides nothing. */
  readonly notes: readonly string[];
  readonly quotes: readonly Quote[];
  /** Milliseconds that it took; undefined while it runs. */
  readonly ms: number | undefined;
}

/** What all findings say together. */
export type Verdict = "verified" | "refuted" | "incomplete";

/** What a check has come to. */
export interface Report {
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
  /** What could not be told, a sentence each. */
  readonly unchecked: readonly string[];
  /** Milliseconds of all steps. */
  readonly ms: number;
}

/** Findings by which a result was computed again. */
const RECOMPUTED: readonly Subject[] = ["reference", "runtime", "error"];

/**
 * What steps say together: `verified` only if nothing fails, nothing is left open, and the result was computed again.
 * @param isResult false where there is no result to compute again, as for a leaf of a batch.
 */
export function reportOf(steps: readonly Step[], isResult = true): Report {
  const findings = steps.flatMap((step) => step.findings);
  const unchecked = findings.filter(({ finding }) => finding === "untold").map(({ text }) => text);
  const isRecomputed = findings.some(({ subject, finding }) => finding === "holds" && RECOMPUTED.includes(subject));
  if (isResult && !isRecomputed) unchecked.push("The result was not computed again here with success.");
  const ms = steps.reduce((sum, step) => sum + (step.ms ?? 0), 0);
  const isRefuted = findings.some(({ finding }) => finding === "fails");
  const verdict = isRefuted ? "refuted" : unchecked.length === 0 && findings.length > 0 ? "verified" : "incomplete";
  return { verdict, steps, unchecked, ms };
}

/** Steps of which the work was ended from outside: what was still running is left open, and everything found stays. */
export const endedSteps = (steps: readonly Step[], subject: Subject, why: string): readonly Step[] =>
  steps.map((step) =>
    step.state === "running"
      ? { ...step, state: "done", findings: [...step.findings, { subject, finding: "untold", text: why, detail: [] }] }
      : step,
  );

/** A step from within. */
export interface RunningStep {
  find(subject: Subject, finding: FindingKind, text: string, detail?: readonly string[]): void;
  note(text: string): void;
  quote(title: string, text: string): void;
  /** @param part 0 to 1 */
  progress(part: number): void;
}

/** How a step is called, and whether it computes with foreign files. */
export interface StepName {
  readonly id: string;
  readonly title: string;
  /** What is left open if the step cannot be made. */
  readonly subject: Subject;
  readonly isHeavy?: boolean;
}

/** Steps, one after the other, each of which is told when it changes. */
export class Steps {
  readonly #steps = new Map<string, Step>();
  readonly #onStep: (step: Step) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #now: () => number;

  constructor(onStep: (step: Step) => void, signal?: AbortSignal, now: () => number = () => performance.now()) {
    this.#onStep = onStep;
    this.#signal = signal;
    this.#now = now;
  }

  get all(): readonly Step[] {
    return [...this.#steps.values()];
  }

  /**
   * Makes a step. What it throws leaves its subject open, and ends nothing else.
   * @returns what `work` gives; undefined if it throws.
   * @throws the reason of the signal.
   */
  async run<T>(name: StepName, work: (step: RunningStep) => Promise<T>): Promise<T | undefined> {
    this.#signal?.throwIfAborted();
    const { id, title, subject, isHeavy = false } = name;
    const start = this.#now();
    const empty = { id, title, isHeavy, progress: undefined, findings: [], notes: [], quotes: [], ms: undefined };
    this.#put({ ...empty, state: "running" });
    const running = this.#running(id);
    try {
      return await work(running);
    } catch (error) {
      this.#signal?.throwIfAborted();
      running.find(subject, "untold", `This could not be checked: ${reasonOf(error)}`);
      return undefined;
    } finally {
      this.#change(id, () => ({ state: "done", progress: undefined, ms: this.#now() - start }));
    }
  }

  #running(id: string): RunningStep {
    return {
      find: (subject, finding, text, detail = []) => {
        this.#change(id, ({ findings }) => ({ findings: [...findings, { subject, finding, text, detail }] }));
      },
      note: (text) => {
        this.#change(id, ({ notes }) => ({ notes: [...notes, text] }));
      },
      quote: (title, text) => {
        this.#change(id, ({ quotes }) => ({ quotes: [...quotes, { title, text }] }));
      },
      progress: (progress) => {
        this.#change(id, () => ({ progress }));
      },
    };
  }

  #change(id: string, change: (step: Step) => Partial<Step>): void {
    const step = this.#steps.get(id);
    if (step !== undefined) this.#put({ ...step, ...change(step) });
  }

  #put(step: Step): void {
    this.#steps.set(step.id, step);
    this.#onStep(step);
  }
}

/** Most characters of a foreign message that get into a finding. */
const MOST_REASON = 400;

/** What an error says, of a bounded length: servers and runtimes write what they like. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > MOST_REASON ? `${text.slice(0, MOST_REASON)}…` : text;
}

/** A finding of two values that must be equal. */
export const equal = (found: string, expected: string): FindingKind =>
  found.toLowerCase() === expected.toLowerCase() ? "holds" : "fails";
