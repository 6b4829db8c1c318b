import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import { batchesOfNode, receiptsOf } from "../../entities/sessionParts.ts";
import { sessionOf, type SessionView } from "../../entities/sessions.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { BatchTable } from "./Batches.tsx";
import { ReceiptsTable } from "./ReceiptsTable.tsx";
import { SessionActions } from "./SessionActions.tsx";
import { SessionFacts } from "./SessionFacts.tsx";
import { SessionMoney } from "./SessionMoney.tsx";
import { SessionMoves } from "./SessionMoves.tsx";

/** One session. */
export default function SessionPage({ params }: { readonly params: { readonly id: string } }): ReactNode {
  const { index, isComplete, error } = useHistory();
  const session = sessionOf(index, params.id);
  if (session !== undefined) return <SessionBody session={session} />;
  return (
    <Page title="Session" lead={<Hash value={params.id} />}>
      {isComplete ? (
        <Empty>
          There is no session of this id. <Link href={to.sessions()}>All sessions</Link>
        </Empty>
      ) : error !== undefined ? (
        <Failure error={error} />
      ) : (
        <Loading what="the session" />
      )}
    </Page>
  );
}

function SessionBody({ session }: { readonly session: SessionView }): ReactNode {
  const { index } = useHistory();
  const { sessionId, fields, openedAt } = session;
  return (
    <Page
      title={
        <>
          Session of <ForeignText text={nameOfVersion(index, fields.versionId)} />
        </>
      }
      windowTitle="Session"
      lead={<Hash value={sessionId} />}
    >
      <SessionFacts session={session} />
      <SessionMoney session={session} />
      <Section title="What happened">
        <SessionMoves session={session} />
      </Section>
      <SessionActions session={session} />
      <Section title="Receipts that were shown">
        <p className="muted">
          Receipts stay with payer and node; on chain is only what somebody has shown.{" "}
          <Link href={to.verify()}>Check a receipt that you have.</Link>
        </p>
        <ReceiptsTable receipts={receiptsOf(index, sessionId)} />
      </Section>
      <Section title="Batches of the node">
        <BatchTable
          batches={batchesOfNode(index, fields.node, openedAt)}
          empty="Since this session was opened its node has posted no batch."
        />
      </Section>
    </Page>
  );
}
