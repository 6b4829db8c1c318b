import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import { type SessionView, stageOf } from "../../entities/sessions.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { STAGE_TEXT, StageBadge } from "./stages.tsx";

/** Who, what, how long, and where it stands. */
export function SessionFacts({ session }: { readonly session: SessionView }): ReactNode {
  const { index } = useHistory();
  const stage = stageOf(session, useNow());
  const { fields, openedAt, openedTx, endsAt } = session;
  const { rules } = fields;
  const isLive = stage === "open" || stage === "closing";
  return (
    <Section title="Where it stands">
      <p>
        <StageBadge session={session} /> {STAGE_TEXT[stage].meaning}
        {isLive && (
          <>
            {" "}
            <Clock label="It ends" until={endsAt} />.
          </>
        )}
      </p>
      <Facts
        items={[
          [
            "Version",
            <Link key="version" href={to.version(fields.versionId)}>
              <ForeignText text={nameOfVersion(index, fields.versionId)} />
            </Link>,
          ],
          ["Payer", <AddressLink key="payer" address={fields.payer} />],
          ["Node", <AddressLink key="node" address={fields.node} />],
          ["Key that signs vouchers", <AddressLink key="key" address={fields.key} />],
          ["Opened", <Time key="opened" at={openedAt} tx={openedTx} />],
          [isLive ? "Ends" : "Ended", <Time key="ends" at={endsAt} />],
          ["Price of a call", <Amount key="price" value={fields.callPrice} tx={openedTx} />],
          ["Of it, royalty", <Amount key="royalty" value={fields.royalty} tx={openedTx} />],
          ["Collateral for one lie", <Amount key="collateral" value={fields.collateral} tx={openedTx} />],
          ["A receipt can be disputed for", <Duration key="horizon" seconds={Number(rules.receiptHorizonPeriod)} />],
          ["Notice to close", <Duration key="notice" seconds={Number(rules.closeNoticePeriod)} />],
        ]}
      />
    </Section>
  );
}
