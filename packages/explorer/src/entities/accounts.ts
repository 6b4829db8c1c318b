import type { EventIndex } from "../history/EventIndex.ts";

/** The contracts that keep balances. */
export const LEDGERS = ["market", "optimistic", "sessions", "disputes"] as const;
export type LedgerName = (typeof LEDGERS)[number];

/** What came to or left a balance, as events tell it. */
export interface BalanceMove {
  /** Tells moves apart. */
  readonly id: string;
  readonly ledger: LedgerName;
  readonly what: "deposited" | "withdrawn" | "moved here" | "moved away";
  /** Base units of OPG, below zero if the balance fell. */
  readonly amount: bigint;
  /** The other account, where there is one. */
  readonly other: string | undefined;
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
}

/** What somebody has put into an account's balances, taken out and moved, newest first. Orders and their ends are not among it. */
export function balanceMovesOf(index: EventIndex, account: string): readonly BalanceMove[] {
  const mine = account.toLowerCase();
  const isMine = (address: string): boolean => address.toLowerCase() === mine;
  return index
    .about(account)
    .flatMap((event): readonly BalanceMove[] => {
      const ledger = LEDGERS.find((name) => name === event.contract);
      if (ledger === undefined) return [];
      const { timestamp: at, transactionHash: tx, logIndex } = event;
      const place = { id: `${tx} ${logIndex}`, ledger, at, tx };
      switch (event.name) {
        case "Deposited": {
          const { account: owner, amount } = event.args;
          return isMine(owner) ? [{ ...place, what: "deposited", amount, other: undefined }] : [];
        }
        case "Withdrawn": {
          const { account: owner, to, amount } = event.args;
          return isMine(owner)
            ? [{ ...place, what: "withdrawn", amount: -amount, other: isMine(to) ? undefined : to }]
            : [];
        }
        case "BalanceMoved": {
          const { from, to, amount } = event.args;
          if (isMine(from) === isMine(to)) return [];
          return isMine(from)
            ? [{ ...place, what: "moved away", amount: -amount, other: to }]
            : [{ ...place, what: "moved here", amount, other: from }];
        }
        default:
          return [];
      }
    })
    .reverse();
}
