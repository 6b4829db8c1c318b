import { type Revertible, saveMap, saveSet, together } from "./atomically.ts";
import { demand } from "./Refusal.ts";

/** OPG: who holds how much. Allowances are not modelled: every actor gives the contracts as much as they ask for. */
export class Ledger implements Revertible {
  private readonly balances = new Map<string, bigint>();
  private readonly usedNonces = new Set<string>();

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

  /** All that anybody holds. */
  get total(): bigint {
    return [...this.balances.values()].reduce((sum, balance) => sum + balance, 0n);
  }

  save(): () => void {
    const { supply } = this;
    const restore = together([saveMap(this.balances), saveSet(this.usedNonces)]);
    return () => {
      this.supply = supply;
      restore();
    };
  }

  /** A payment that its payer has signed; each can be made once. */
  receive(
    from: string,
    to: string,
    { value, nonce, signed }: { readonly value: bigint; readonly nonce: string; readonly signed: boolean },
  ): void {
    demand(signed, "ERC3009InvalidSignature");
    const key = `${from} ${nonce}`;
    demand(!this.usedNonces.has(key), "ERC3009UsedAuthorization", from, nonce);
    this.move(from, to, value);
    this.usedNonces.add(key);
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
