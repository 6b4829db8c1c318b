import type { ReactNode } from "react";
import { Link } from "wouter";

import { sessionsOf } from "../../entities/sessions.ts";
import { sameId } from "../../entities/sameId.ts";
import { useEntities } from "../../history/useHistory.ts";
import { Section } from "../../parts/Section.tsx";
import { to } from "../../routes.ts";
import { SessionsTable } from "../sessions/SessionsTable.tsx";

/** The sessions that an account pays. */
export function OwnSessions({ account }: { readonly account: string }): ReactNode {
  const sessions = useEntities(sessionsOf).filter(({ fields }) => sameId(fields.payer, account));
  return (
    <Section title="Your sessions">
      <SessionsTable
        caption="Sessions that this account pays"
        sessions={sessions}
        pageSize={10}
        empty={
          <>
            This account pays no session. <Link href={to.sessions()}>Open one.</Link>
          </>
        }
      />
    </Section>
  );
}
