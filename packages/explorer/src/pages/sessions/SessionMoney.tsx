import { getSessionStatus } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { SessionView } from "../../entities/sessions.ts";
import { useRead } from "../../network/useRead.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Async } from "../../parts/Async.tsx";
import { RangeBar } from "../../parts/charts/index.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { opgText } from "../../parts/format.ts";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";

/** What was spent of what was put in, and what the chain says of the rest. */
export function SessionMoney({ session }: { readonly session: SessionView }): ReactNode {
  const { sessionId, packed, funded, redeemed, redeemedTx, fundedTx, openedTx, paid, refunded, settledTx } = session;
  const settled = settledTx === undefined ? {} : { tx: settledTx };
  const status = useRead(["session", sessionId], (client) => getSessionStatus(client, { session: packed }));
  return (
    <Section title="Money">
      <RangeBar
        label="Redeemed by vouchers, of what was put in"
        min={0n}
        max={funded}
        value={redeemed}
        format={opgText}
      />
      <Facts
        items={[
          ["Put in", <Amount key="funded" value={funded} tx={fundedTx} />],
          ["Redeemed by vouchers", <Amount key="redeemed" value={redeemed} tx={redeemedTx ?? openedTx} />],
          ["Final and paid out", <Amount key="paid" value={paid} {...settled} />],
          ["Back to the payer", <Amount key="back" value={refunded} {...settled} />],
        ]}
      />
      <h3>As the chain has it now</h3>
      <Async read={status} what="what the chain keeps of it">
        {({ mostRedeemable, releasableAt, covered }) => (
          <Facts
            items={[
              ["Vouchers can claim in all now", <Amount key="most" value={mostRedeemable} />],
              ["Collateral is free from", <Time key="free" at={releasableAt} />],
              ["The node’s stake covers its locks", covered ? "yes" : "no"],
            ]}
          />
        )}
      </Async>
    </Section>
  );
}
