import type { ReactNode } from "react";

import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Async } from "../../parts/Async.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { useWallet } from "../../wallet/useWallet.ts";
import { OwnDelegations } from "../delegate/OwnDelegations.tsx";
import { DelegateVotes } from "../governance/DelegateVotes.tsx";
import { BalanceForms } from "./BalanceForms.tsx";
import { Balances } from "./Balances.tsx";
import { Faucet } from "./Faucet.tsx";
import { readHoldings } from "./ledgers.ts";
import { OwnJobs } from "./OwnJobs.tsx";
import { OwnMoves } from "./OwnMoves.tsx";
import { OwnSchedules } from "./OwnSchedules.tsx";
import { OwnSessions } from "./OwnSessions.tsx";

/** What the connected account has, owes and has done. */
export default function AccountPage(): ReactNode {
  const { account, status, open } = useWallet();
  if (account === undefined) {
    return (
      <Page title="Account" lead="What your account has in the protocol, and what it has ordered.">
        {status === "connecting" ? (
          <Loading what="your wallet" />
        ) : (
          <Empty>
            No wallet is connected.{" "}
            <button type="button" className="primary" aria-haspopup="dialog" onClick={open}>
              Connect wallet
            </button>
          </Empty>
        )}
      </Page>
    );
  }
  return (
    <Page title="Account" lead={<AddressLink address={account} />}>
      <AccountBody key={account} account={account} />
    </Page>
  );
}

function AccountBody({ account }: { readonly account: string }): ReactNode {
  const holdings = useRead(["holdings", account], (client) => readHoldings(client, account));
  return (
    <>
      <Async read={holdings} what="balances">
        {(data) => (
          <>
            <Balances holdings={data} />
            <BalanceForms holdings={data} refetch={holdings.refetch} />
          </>
        )}
      </Async>
      <Faucet account={account} refetch={holdings.refetch} />
      <OwnJobs account={account} />
      <OwnSessions account={account} />
      <OwnSchedules account={account} />
      <OwnDelegations />
      <Section title="Votes">
        <DelegateVotes />
      </Section>
      <OwnMoves account={account} />
    </>
  );
}
