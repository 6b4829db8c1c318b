import {
  type Client,
  closeSession,
  depositForSessionsWithPermit,
  getSessionBalance,
  MOST_SESSION_FUNDS,
  PRICE_UNIT,
  settleSession,
  SignerMissingError,
  topUpSession,
} from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import { type SessionView, stageOf } from "../../entities/sessions.ts";
import { useNow } from "../../network/context.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { Section } from "../../parts/Section.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";

/** What can be done with a session where it stands. */
export function SessionActions({ session }: { readonly session: SessionView }): ReactNode {
  const stage = stageOf(session, useNow());
  if (stage === "released" || stage === "falsified") return undefined;
  const isLive = stage === "open" || stage === "closing";
  return (
    <Section title="What you can do">
      <div className="actions">
        {stage === "open" && <Fund session={session} />}
        {isLive && (
          <ActionForm
            title="Close"
            submit="Close session"
            disabled={stage === "closing"}
            done="Asked to close."
            run={(client) => closeSession(client, { session: session.packed })}
          >
            <p>
              For the payer, its key or the node. If the payer asks, the node has{" "}
              <Duration seconds={Number(session.fields.rules.closeNoticePeriod)} /> to redeem what it holds; what is
              left comes back when the session is settled afterwards.
            </p>
          </ActionForm>
        )}
        <ActionForm
          title="Settle"
          submit="Settle session"
          done="Settled."
          run={(client) => settleSession(client, { session: session.packed })}
        >
          <p>
            Anyone can bring the session up to date: what is final is paid, and what nobody can redeem any more goes
            back to the payer. If nothing is due, the chain says so before you pay.
          </p>
        </ActionForm>
      </div>
    </Section>
  );
}

function Fund({ session }: { readonly session: SessionView }): ReactNode {
  const [amount, setAmount] = useState<bigint>();
  return (
    <ActionForm
      title="Fund"
      submit="Put in"
      done="Put in."
      run={async (client) => (amount === undefined ? undefined : fund(client, session, amount))}
      onDone={() => {
        setAmount(undefined);
      }}
    >
      <AmountField
        label="Amount"
        value={amount}
        onChange={setAmount}
        min={PRICE_UNIT}
        max={MOST_SESSION_FUNDS - session.funded}
        step={PRICE_UNIT}
        maxLabel="A session can still take"
        hint="Out of your balance for sessions. What that lacks is deposited first: one signature, no approval."
      />
    </ActionForm>
  );
}

async function fund(client: Client, { packed }: SessionView, amount: bigint) {
  const { account } = client;
  if (account === undefined) throw new SignerMissingError();
  const { balance } = await getSessionBalance(client, { account });
  if (balance < amount) await depositForSessionsWithPermit(client, { amount: amount - balance });
  return topUpSession(client, { session: packed, amount });
}
