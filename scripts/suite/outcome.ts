/** How a task of `hardhat suite` ends: what it prints, and with which code. */
import picocolors from "picocolors";

/** Stable, so that scripts can build on them. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2, nothingToDo: 3, needsApproval: 4, stopped: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a task has to say: `report` for programs, `text` for people. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly report: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A task cannot go on, and says how to make it. */
export class SuiteError extends Error {
  readonly fix: string;
  readonly exitCode: ExitCode;

  constructor(message: string, fix: string, exitCode: ExitCode = EXIT.failed, options?: ErrorOptions) {
    super(message, options);
    this.name = "SuiteError";
    this.fix = fix;
    this.exitCode = exitCode;
  }
}

/** One line of a list of checks. */
export interface Finding {
  readonly item: string;
  readonly level: "ok" | "note" | "warn" | "FAIL";
  readonly says: string;
  readonly fix?: string;
}

const COLOUR = { ok: picocolors.green, note: picocolors.dim, warn: picocolors.yellow, FAIL: picocolors.red };

/** One line each, and beneath those that fail how to mend them. */
export function findingsText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ item }) => item.length));
  return findings
    .flatMap(({ item, level, says, fix }) => [
      `  ${COLOUR[level](level.padEnd(4))}  ${item.padEnd(width)}  ${says}`,
      ...(fix === undefined ? [] : [`        ${"fix".padEnd(width)}  ${fix}`]),
    ])
    .join("\n");
}

/** Failed as soon as one finding failed. */
export const exitCodeOf = (findings: readonly Finding[]): ExitCode =>
  findings.some(({ level }) => level === "FAIL") ? EXIT.failed : EXIT.done;

const failureText = (error: SuiteError): string =>
  `  ${COLOUR.FAIL("FAIL")}  ${error.message}\n        fix  ${error.fix}`;

/** JSON without loss: amounts are strings of digits. */
export const toJson = (value: unknown, space?: number): string =>
  JSON.stringify(value, (_key, field: unknown) => (typeof field === "bigint" ? field.toString() : field), space);

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const stop = (): void => process.exit(EXIT.stopped);

/** Runs a task, and prints either its text or, with `json`, one object on stdout whatever happens. */
export async function conclude(json: boolean, task: () => Promise<Outcome>): Promise<void> {
  const print = console.log;
  // Libraries talk as they work; stdout belongs to the result.
  console.log = console.error;
  const fail = (error: unknown): void => {
    const known = error instanceof SuiteError;
    const exitCode = known ? error.exitCode : EXIT.failed;
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    if (json) print(toJson({ exitCode, error: { name, message, ...(known && { fix: error.fix }) } }));
    else if (known) console.error(failureText(error));
    process.exitCode = exitCode;
  };
  // Whatever ends the process before the task has ended: on Ctrl-C the bar on a terminal would call it a success.
  const interrupted = (): void => {
    fail(
      new SuiteError(
        "It was stopped before it was done",
        "Run the same command again: what is done stays done",
        EXIT.stopped,
      ),
    );
  };
  process.once("exit", interrupted);
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const { exitCode, report, text } = await task();
    print(json ? toJson({ exitCode, ...report }) : text);
    process.exitCode = exitCode;
  } catch (error) {
    // What nobody foresaw is for Hardhat to print, with all that is known of it.
    if (!(error instanceof SuiteError) && !json) throw error;
    fail(error);
  } finally {
    console.log = print;
    process.off("exit", interrupted);
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
