import "./dispute.css";

import { faultOf, PayloadError } from "@opg-protocol/sdk";
import { type ReactNode, useMemo } from "react";

import { type StatedAnswer, statedOn } from "../../entities/statedAnswers.ts";
import type { EventIndex } from "../../history/EventIndex.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Async } from "../../parts/Async.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Time } from "../../parts/Time.tsx";
import { StatementCheck } from "./StatementCheck.tsx";
import { isJudged } from "./versionFacts.ts";

/** The answers to a job that can be challenged: each is computed again here on demand, and challenged if it is false. */
export default function ChallengePanel({ jobId }: { readonly jobId: string }): ReactNode {
  const { index } = useHistory();
  const stated = useMemo(() => challengeable(index, jobId), [index, jobId]);
  if (stated.length === 0) return <Empty>No answer to this job can be judged by a contract.</Empty>;
  return stated.map((each) => <Challengeable key={each.statementId} stated={each} />);
}

/** What was stated about a job that a referee can judge. Errors have no trace. */
function challengeable(index: EventIndex, jobId: string): readonly StatedAnswer[] {
  return statedOn(index, jobId).filter(
    ({ versionId, outputRoot }) =>
      versionId !== undefined && isJudged(index, versionId) && faultOf(outputRoot) === PayloadError.None,
  );
}

/** One of them; nothing can be done about it once its window is over. */
function Challengeable({ stated }: { readonly stated: StatedAnswer }): ReactNode {
  const { statementId, roundId, node, outputRoot, disputableUntil } = stated;
  const { index } = useHistory();
  const now = useNow();
  const isTold = disputableUntil !== undefined || roundId === undefined;
  const read = useRead(
    ["disputable until", statementId],
    async (client) => Number(await client.commitments.disputableUntil(roundId ?? "", node, outputRoot)),
    { enabled: !isTold },
  );
  const until = disputableUntil ?? read.data;
  const hasGames = index.about(statementId).some((event) => event.name === "Challenged");
  if (until === undefined)
    return (
      <Async read={read} what="the window">
        {() => undefined}
      </Async>
    );
  if (now >= until && !hasGames)
    return (
      <p>
        The answer of <AddressLink address={node} /> could be challenged until <Time at={until} />.
      </p>
    );
  return <StatementCheck stated={stated} until={until} />;
}
