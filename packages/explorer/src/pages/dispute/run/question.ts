import type { StatedAnswer } from "../../../entities/statedAnswers.ts";
import type { RunQuestion } from "./ownRun.ts";

/**
 * What a run needs to know of a statement; undefined where its version is not known.
 * @param inputRoot as a game has it.
 */
export function questionOf(stated: StatedAnswer | undefined, inputRoot?: string): RunQuestion | undefined {
  if (stated?.versionId === undefined) return undefined;
  const { statementId, versionId, node, outputRoot, roundId, orderBlock } = stated;
  return { statementId, versionId, node, outputRoot, roundId, inputRoot, orderBlock };
}
