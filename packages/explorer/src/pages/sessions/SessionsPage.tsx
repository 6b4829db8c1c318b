import type { ReactNode } from "react";
import { Link } from "wouter";

import { type SessionView, sessionsOf, stageOf } from "../../entities/sessions.ts";
import { sumOf } from "../../entities/sumOf.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ListState } from "../../parts/ListState.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { Batches } from "./Batches.tsx";
import { OpenSession } from "./OpenSession.tsx";
import { SessionKeys } from "./SessionKeys.tsx";
import { SessionsTable } from "./SessionsTable.tsx";

/** All sessions, and how to open one. */
export default function SessionsPage(): ReactNode {
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
      <ListState count={sessions.length} what="sessions">
        <Totals sessions={sessions} />
        <Section title="All sessions">
          <SessionsTable
            caption="List of all sessions"
            sessions={sessions}
            empty="No session was opened yet. Open one below."
          />
        </Section>
      </ListState>
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
  return (
    <Section title="In all">
      <Facts
        items={[
          ["Sessions", sessions.length],
          ["Open now", live.length],
          ["Deposits in open ones", <Amount key="live" value={sumOf(live.map(({ funded, paid }) => funded - paid))} />],
          ["Redeemed ever", <Amount key="ever" value={sumOf(sessions.map(({ redeemed }) => redeemed))} />],
          ["Found false", stages.filter((stage) => stage === "falsified").length],
        ]}
      />
    </Section>
  );
}
