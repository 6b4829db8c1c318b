import { ZeroAddress } from "ethers";

import { atomically, type Revertible, saveMap } from "./atomically.ts";
import type { Ledger } from "./Ledger.ts";
import type { MandatesModel } from "./orders/MandatesModel.ts";
import { entry } from "./NodeBooks.ts";
import { demand } from "./Refusal.ts";

interface Account {
  balance: bigint;
  fees: bigint;
}

/** The balances that a market or the sessions keep: what ILedger and IMarketAccounts say. */
export class AccountBook implements Revertible {
  private readonly accounts = new Map<string, Account>();

  constructor(
    /** Of the contract that keeps them. */
    readonly address: string,
    private readonly admin: string,
    public treasury: string,
    private readonly token: Ledger,
    private readonly mandates: MandatesModel,
  ) {}

  of(account: string): Account {
    return entry(this.accounts, account, () => ({ balance: 0n, fees: 0n }));
  }

  deposit(caller: string, account: string, amount: bigint): void {
    demand(account !== ZeroAddress, "LedgerZeroAccount");
    this.token.move(caller, this.address, amount);
    this.credit(account, amount);
  }

  withdraw(caller: string, to: string, amount: bigint): void {
    demand(to !== ZeroAddress, "LedgerZeroAccount");
    this.debit(caller, amount);
    this.token.move(this.address, to, amount);
  }

  /** Moves a part of a balance to another one, for whoever may use it. */
  spend(caller: string, from: string, to: string, amount: bigint): void {
    demand(to !== ZeroAddress, "LedgerZeroAccount");
    atomically([this.mandates], () => {
      this.checkSpender(caller, from, amount);
      this.move(from, to, amount);
    });
  }

  collectFees(_caller: string, accounts: readonly string[]): void {
    for (const account of accounts.map((name) => this.of(name))) {
      this.token.move(this.address, this.treasury, account.fees);
      account.fees = 0n;
    }
  }

  setTreasury(caller: string, treasury: string): void {
    demand(caller === this.admin, "AccessManagedUnauthorized", caller);
    demand(treasury !== ZeroAddress, "LedgerZeroAccount");
    this.treasury = treasury;
  }

  /** Lets the caller use a part of a balance; whose it is needs no leave. */
  checkSpender(caller: string, account: string, amount: bigint): void {
    if (caller !== account) this.mandates.spend(this.address, account, caller, amount);
  }

  move(from: string, to: string, amount: bigint): void {
    this.debit(from, amount);
    this.credit(to, amount);
  }

  credit(account: string, amount: bigint): void {
    this.of(account).balance += amount;
  }

  debit(account: string, amount: bigint): void {
    const { balance } = this.of(account);
    demand(amount <= balance, "LedgerInsufficientBalance", account, balance, amount);
    this.of(account).balance -= amount;
  }

  /** All that is in it. */
  get owed(): bigint {
    return [...this.accounts.values()].reduce((sum, { balance, fees }) => sum + balance + fees, 0n);
  }

  save(): () => void {
    return saveMap(this.accounts, (account) => ({ ...account }));
  }
}
