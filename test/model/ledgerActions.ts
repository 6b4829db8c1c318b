import type { Actions } from "./actions.ts";
import type { Kind } from "./steps.ts";

type LedgerKind = Extract<Kind, "deposit" | "withdraw" | "spend" | "collectFees" | "claim" | "setTreasury">;

/** What can be done wherever there are balances and earnings. */
export const ledgerActions: Actions<LedgerKind> = {
  deposit: {
    contract: (c) => c.ledger,
    method: "deposit",
    args: (_world, c) => [c.account, c.amount],
    run: (world, c, from) => {
      world.book(c.ledger).deposit(from, c.account, c.amount);
    },
    touched: (views, _world, c, from) => [
      views.account(c.account, c.ledger),
      views.balance(from),
      ...views.holdings(c.ledger),
    ],
  },
  withdraw: {
    contract: (c) => c.ledger,
    method: "withdraw",
    args: (_world, c) => [c.to, c.amount],
    run: (world, c, from) => {
      world.book(c.ledger).withdraw(from, c.to, c.amount);
    },
    touched: (views, _world, c, from) => [
      views.account(from, c.ledger),
      views.balance(c.to),
      ...views.holdings(c.ledger),
    ],
  },
  spend: {
    contract: (c) => c.ledger,
    method: "spend",
    args: (_world, c) => [c.owner, c.to, c.amount],
    run: (world, c, from) => {
      world.book(c.ledger).spend(from, c.owner, c.to, c.amount);
    },
    touched: (views, _world, c, from) => [
      views.account(c.owner, c.ledger),
      views.account(c.to, c.ledger),
      views.cap(c.ledger, c.owner, from),
    ],
  },
  collectFees: {
    contract: (c) => c.ledger,
    method: "collectFees",
    args: (_world, c) => [c.accounts],
    run: (world, c, from) => {
      world.book(c.ledger).collectFees(from, c.accounts);
    },
    touched: (views, world, c) => [
      ...c.accounts.map((account) => views.account(account, c.ledger)),
      views.balance(world.book(c.ledger).treasury),
      ...views.holdings(c.ledger),
    ],
  },
  claim: {
    contract: (c) => c.ledger,
    method: "claim",
    args: (_world, c) => [c.node, c.version],
    run: (world, c, from) => {
      world.models[c.ledger].seats.claim(from, c.node, c.version);
    },
    touched: (views, _world, c) => [
      views.serving(c.node, c.version, c.ledger),
      ...views.node(c.node),
      ...views.holdings(c.ledger),
    ],
  },
  setTreasury: {
    contract: (c) => c.ledger,
    method: "setTreasury",
    args: (_world, c) => [c.treasury],
    run: (world, c, from) => {
      world.book(c.ledger).setTreasury(from, c.treasury);
    },
    touched: (views) => views.governed(),
  },
};
