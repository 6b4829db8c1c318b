import { demand } from "./Refusal.ts";

/** OPG: who holds how much. Allowances are not modelled: every actor gives the contracts as much as they ask for. */
export class Ledger {
  private readonly balances = new Map<string, bigint>();

  constructor(public supply: bigint) {}

  of(account: string): bigint {
    return this.balances.get(account) ?? 0n;
  }

  mint(account: string, amount: bigint): void {
    this.balances.set(account, this.of(account) + amount);
  }

  burn(account: string, amount: bigint): void {
    this.take(account, amount);
    this.supply -= amount;
  }

  move(from: string, to: string, amount: bigint): void {
    this.take(from, amount);
    this.mint(to, amount);
  }

  /** Refuses what `move` would refuse, for whoever must know before it changes anything. */
  check(from: string, amount: bigint): void {
    const balance = this.of(from);
    demand(amount <= balance, "ERC20InsufficientBalance", from, balance, amount);
  }

  private take(from: string, amount: bigint): void {
    this.check(from, amount);
    this.balances.set(from, this.of(from) - amount);
  }
}
