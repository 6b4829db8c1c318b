import type { ReactNode } from "react";
import { Link } from "wouter";

import type { Dispute } from "../../entities/disputes.ts";
import { useNow } from "../../network/context.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { GameLink } from "./GameLink.tsx";
import { MoveClock } from "./MoveClock.tsx";
import { moveText, NEXT, SILENCE, stateWord } from "./words.ts";

/** Whose move it is and for how long; or how it ended. */
export function Standing({ dispute }: { readonly dispute: Dispute }): ReactNode {
  const { state, next, ending, moves, decision, gameId } = dispute;
  const now = useNow();
  const { tone, text } = stateWord(state);
  const last = moves.at(-1);
  return (
    <>
      <p>
        <Badge tone={tone}>{text}</Badge>{" "}
        {next !== undefined && next.move !== "close" && <MoveClock until={next.until} />}
        {ending !== undefined && <Time at={ending.at} tx={ending.tx} />}
      </p>
      {next !== undefined && (
        <p>
          {NEXT[next.move]} {now <= next.until ? SILENCE[next.move] : lateText(next.move, next.by)}
        </p>
      )}
      {ending !== undefined && last !== undefined && <p>{moveText(last, dispute)}</p>}
      {decision !== undefined && decision.disputeId !== gameId && (
        <p>
          Decided by{" "}
          {decision.game === undefined ? "a demand or a refutation" : <GameLink gameId={decision.disputeId} />} on{" "}
          <Time at={decision.at} tx={decision.tx} />.
        </p>
      )}
      <p className="muted">
        All disputes are on <Link href={to.disputes()}>one page</Link>.
      </p>
    </>
  );
}

function lateText(move: string, by: string): string {
  if (move === "close") return "";
  const loser = by === "node" ? "the node" : "the challenger";
  return `That has passed: anyone can end the game, and ${loser} loses.`;
}
