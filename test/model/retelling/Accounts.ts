import { ZeroAddress } from "ethers";

import type { InferenceMarketplace } from "../../../typechain-types/index.ts";
import { entry } from "../NodeBooks.ts";
import type { LedgerName, View } from "../views.ts";
import { answer, type Hears } from "./Telling.ts";

/** Balances and fees that a ledger keeps, and where the fees go. */
export class Accounts {
  treasury: string = ZeroAddress;
  private readonly accounts = new Map<string, { balance: bigint; fees: bigint }>();
  readonly hears: Pick<
    Hears<InferenceMarketplace>,
    "Deposited" | "Withdrawn" | "BalanceMoved" | "FeesCollected" | "TreasurySet"
  > = {
    Deposited: ({ account, amount }) => {
      this.credit(account, amount);
    },
    Withdrawn: ({ account, amount }) => {
      this.credit(account, -amount);
    },
    BalanceMoved: ({ from, to, amount }) => {
      this.credit(from, -amount);
      this.credit(to, amount);
    },
    FeesCollected: ({ account }) => {
      this.of(account).fees = 0n;
    },
    TreasurySet: ({ treasury }) => {
      this.treasury = treasury;
    },
  };

  constructor(private readonly ledger: LedgerName) {}

  credit(account: string, amount: bigint): void {
    this.of(account).balance += amount;
  }

  creditFees(account: string, amount: bigint): void {
    this.of(account).fees += amount;
  }

  answers(): View[] {
    return [...this.accounts].map(([account, { balance, fees }]) =>
      answer(this.ledger, "accountOf", [account], balance, fees),
    );
  }

  private of(account: string) {
    return entry(this.accounts, account, () => ({ balance: 0n, fees: 0n }));
  }
}
