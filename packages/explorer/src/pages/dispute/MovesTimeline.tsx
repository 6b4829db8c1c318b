import type { ReactNode } from "react";

import type { Dispute } from "../../entities/disputes.ts";
import { Time } from "../../parts/Time.tsx";
import { MoveClock } from "./MoveClock.tsx";
import { moveText, NEXT, stateWord } from "./words.ts";

/** What was done, and what is to come. */
export function MovesTimeline({ dispute }: { readonly dispute: Dispute }): ReactNode {
  const { moves, next, state } = dispute;
  return (
    <ol className="timeline">
      {moves.map((move) => (
        <li key={`${move.kind}-${move.tx}`} className={move.kind === "ended" ? stateWord(state).tone : undefined}>
          {moveText(move, dispute)}
          <span className="when">
            <Time at={move.at} tx={move.tx} />
          </span>
        </li>
      ))}
      {next !== undefined && (
        <li className="wait">
          {NEXT[next.move]}
          {next.move !== "close" && (
            <span className="when">
              <MoveClock until={next.until} />
            </span>
          )}
        </li>
      )}
    </ol>
  );
}
