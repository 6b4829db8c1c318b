import { type ReactNode, useMemo } from "react";

import { decisionOf, type Dispute, disputesAbout } from "../../entities/disputes.ts";
import type { StatedAnswer } from "../../entities/statedAnswers.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { ChallengeForm } from "./ChallengeForm.tsx";
import { GameLink } from "./GameLink.tsx";
import { MoveClock } from "./MoveClock.tsx";
import { questionOf } from "./run/question.ts";
import { RunControl } from "./run/RunControl.tsx";
import { useOwnRun } from "./run/useOwnRun.ts";
import { sizeOfVersion } from "./versionFacts.ts";
import { stateWord } from "./words.ts";

interface Props {
  readonly stated: StatedAnswer;
  /** Until when it can be challenged, unix seconds, exclusive. */
  readonly until: number;
}

/** One answer, computed again here: what differs, and a challenge if something does. */
export function StatementCheck({ stated, until }: Props): ReactNode {
  const { node, outputRoot, statementId, at, tx, versionId } = stated;
  const { index } = useHistory();
  const now = useNow();
  const games = useMemo(() => disputesAbout(index, statementId), [index, statementId]);
  const challengers = new Set(games.map(({ game }) => game.challenger.toLowerCase()));
  const question = useMemo(() => questionOf(stated), [stated]);
  const own = useOwnRun(question);
  const isFalse = decisionOf(index, statementId) !== undefined;
  const canChallenge = now < until && !isFalse;
  return (
    <div className="challenge">
      <p>
        <AddressLink address={node} /> stated the output <Hash value={outputRoot} /> on <Time at={at} tx={tx} />.{" "}
        {isFalse ? (
          <Badge tone="bad">found false</Badge>
        ) : (
          canChallenge && <Clock until={until} label="It can be challenged; that ends" />
        )}
      </p>
      <Games games={games} />
      {canChallenge && own.result === undefined && (
        <>
          <p>
            This browser can run the model on the same input. If it gets another output, the answer is false, and you
            can challenge it.
          </p>
          <RunControl
            state={own}
            label="Compute the answer here"
            size={versionId === undefined ? undefined : sizeOfVersion(index, versionId)}
          />
        </>
      )}
      {own.result !== undefined && (
        <ChallengeForm stated={stated} own={own.result} canChallenge={canChallenge} challengers={challengers} />
      )}
    </div>
  );
}

/** Games about the statement. */
function Games({ games }: { readonly games: readonly Dispute[] }): ReactNode {
  if (games.length === 0) return undefined;
  return (
    <ul>
      {games.map(({ gameId, game, state, next }) => (
        <li key={gameId}>
          Dispute <GameLink gameId={gameId} /> by <AddressLink address={game.challenger} />:{" "}
          <Badge tone={stateWord(state).tone}>{stateWord(state).text}</Badge>{" "}
          {next !== undefined && next.move !== "close" && <MoveClock until={next.until} />}
        </li>
      ))}
    </ul>
  );
}
