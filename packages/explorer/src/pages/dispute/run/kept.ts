/** Runs that were made on this visit, so that a page that is opened after another need not make them again. */
import type { OwnRun } from "./ownRun.ts";

/** Runs hold their model: only the last few are kept. */
const MOST = 3;
const runs = new Map<string, OwnRun>();

/** The run of a statement's model, if it was made on this visit. */
export const keptRun = (statementId: string): OwnRun | undefined => runs.get(statementId);

/** Keeps a run. */
export function keepRun(statementId: string, run: OwnRun): void {
  runs.delete(statementId);
  runs.set(statementId, run);
  const [oldest] = runs.keys();
  if (runs.size > MOST && oldest !== undefined) runs.delete(oldest);
}
