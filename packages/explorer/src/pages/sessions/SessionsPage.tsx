import type { ReactNode } from "react";
import { Link } from "wouter";

import { type SessionView, sessionsOf, stageOf } from "../../entities/sessions.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { Batches } from "./Batches.tsx";
import { OpenSession } from "./OpenSession.tsx";
import { SessionKeys } from "./SessionKeys.tsx";
import { SessionsTable } from "./SessionsTable.tsx";

/** All sessions, and how to open one. */
export default function SessionsPage(): ReactNode {
  const { isComplete, error } = useHistory();
  const sessions = useEntities(sessionsOf);
  return (
    <Page
      title="Sessions"
      lead={
        <>
          A session pays for thousands of calls of one node over HTTP out of one deposit. Each answer comes with a
          signed receipt, for which the node’s collateral answers. <Link href={to.verify()}>Check a receipt.</Link>
        </>
      }
    >
      {sessions.length > 0 || isComplete ? (
        <>
          <Totals sessions={sessions} />
          <Section title="All sessions">
            <SessionsTable
              caption="List of all sessions"
              sessions={sessions}
              empty="No session was opened yet. Open one below."
            />
          </Section>
        </>
      ) : error !== undefined ? (
        <Failure error={error} />
      ) : (
        <Loading what="sessions" />
      )}
      <OpenSession />
      <SessionKeys />
      <Batches />
    </Page>
  );
}

function Totals({ sessions }: { readonly sessions: readonly SessionView[] }): ReactNode {
  const now = useNow();
  const stages = sessions.map((session) => stageOf(session, now));
  const live = sessions.filter((_, i) => stages[i] === "open" || stages[i] === "closing");
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
  return (
    <Section title="In all">
      <Facts
        items={[
          ["Sessions", sessions.length],
          ["Open now", live.length],
          ["Deposits in open ones", <Amount key="live" value={sum(live.map(({ funded, paid }) => funded - paid))} />],
          ["Redeemed ever", <Amount key="ever" value={sum(sessions.map(({ redeemed }) => redeemed))} />],
          ["Found false", stages.filter((stage) => stage === "falsified").length],
        ]}
      />
    </Section>
  );
}
