import {
  type Client,
  depositBondWithPermit,
  depositForSessionsWithPermit,
  depositOptimisticWithPermit,
  depositWithPermit,
  getBalance,
  getBondBalance,
  getOptimisticBalance,
  getSessionBalance,
  getTokenBalance,
  type Mined,
  withdraw,
  withdrawBond,
  withdrawFromSessions,
  withdrawOptimistic,
} from "@opg-protocol/sdk";

import type { LedgerName } from "../../entities/accounts.ts";

/** A contract that keeps balances: what it is for, and how money comes in and out. Amounts in base units of OPG. */
export interface Ledger {
  readonly title: string;
  /** What its balances pay. */
  readonly use: string;
  readonly balanceOf: (client: Client, account: string) => Promise<bigint>;
  /** With one signature and one transaction, no approval before. */
  readonly deposit: (client: Client, amount: bigint) => Promise<Mined>;
  readonly withdraw: (client: Client, amount: bigint) => Promise<Mined>;
}

/** The contracts with balances. */
export const LEDGER_OF: Readonly<Record<LedgerName, Ledger>> = {
  market: {
    title: "Market, several nodes",
    use: "Orders that several nodes answer",
    balanceOf: async (client, account) => (await getBalance(client, { account })).balance,
    deposit: (client, amount) => depositWithPermit(client, { amount }),
    withdraw: (client, amount) => withdraw(client, { amount }),
  },
  optimistic: {
    title: "Market, one node",
    use: "Orders that one node answers",
    balanceOf: async (client, account) => (await getOptimisticBalance(client, { account })).balance,
    deposit: (client, amount) => depositOptimisticWithPermit(client, { amount }),
    withdraw: (client, amount) => withdrawOptimistic(client, { amount }),
  },
  sessions: {
    title: "Sessions",
    use: "Deposits of sessions",
    balanceOf: async (client, account) => (await getSessionBalance(client, { account })).balance,
    deposit: (client, amount) => depositForSessionsWithPermit(client, { amount }),
    withdraw: (client, amount) => withdrawFromSessions(client, { amount }),
  },
  disputes: {
    title: "Disputes",
    use: "Bonds of challengers, and what demands cost",
    balanceOf: (client, account) => getBondBalance(client, { account }),
    deposit: (client, amount) => depositBondWithPermit(client, { amount }),
    withdraw: (client, amount) => withdrawBond(client, { amount }),
  },
};

/** What an account has. OPG in base units, ETH in wei. */
export interface Holdings {
  readonly opg: bigint;
  readonly eth: bigint;
  readonly ledgers: Readonly<Record<LedgerName, bigint>>;
}

/** Reads what an account has. */
export async function readHoldings(client: Client, account: string): Promise<Holdings> {
  const [opg, eth, market, optimistic, sessions, disputes] = await Promise.all([
    getTokenBalance(client, { account }),
    client.provider.getBalance(account),
    LEDGER_OF.market.balanceOf(client, account),
    LEDGER_OF.optimistic.balanceOf(client, account),
    LEDGER_OF.sessions.balanceOf(client, account),
    LEDGER_OF.disputes.balanceOf(client, account),
  ]);
  return { opg, eth, ledgers: { market, optimistic, sessions, disputes } };
}
