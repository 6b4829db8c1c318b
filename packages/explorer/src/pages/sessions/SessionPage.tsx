import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import { receiptsOfSession } from "../../entities/receipts.ts";
import { batchesOfNode } from "../../entities/sessionParts.ts";
import { sessionOf, type SessionView } from "../../entities/sessions.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Found } from "../../parts/Found.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
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
  const { index } = useHistory();
  return (
    <Found value={sessionOf(index, params.id)} what="session" id={params.id}>
      {(session) => <SessionBody session={session} />}
    </Found>
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
        <ReceiptsTable
          receipts={receiptsOfSession(index, sessionId)}
          empty="Nobody has shown a receipt of this session."
        />
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
