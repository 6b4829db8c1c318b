import { MaxUint256 } from "ethers";

import type { OrderBounds } from "../../../packages/sdk/src/codecs/mandate.ts";
import { type Revertible, saveMap, saveSet, together } from "../atomically.ts";
import type { Clock } from "../Clock.ts";
import { demand } from "../Refusal.ts";

/** What somebody brings as signed by an account. */
export interface BroughtOrder {
  readonly bounds: OrderBounds;
  /** What the signature must be of. */
  readonly digest: string;
  /** Whether the account has signed exactly that. */
  readonly signed: boolean;
}

/** What IMandates says, as a plain state machine. */
export class MandatesModel implements Revertible {
  private readonly caps = new Map<string, bigint>();
  private readonly usedNonces = new Set<string>();

  constructor(
    readonly address: string,
    private readonly clock: Clock,
  ) {}

  capOf(ledger: string, account: string, spender: string): bigint {
    return this.caps.get(`${ledger} ${account} ${spender}`) ?? 0n;
  }

  isNonceUsed(account: string, nonce: bigint): boolean {
    return this.usedNonces.has(`${account} ${nonce}`);
  }

  allow(caller: string, ledger: string, spender: string, cap: bigint): void {
    this.caps.set(`${ledger} ${caller} ${spender}`, cap);
  }

  cancelNonce(caller: string, nonce: bigint): void {
    demand(!this.isNonceUsed(caller, nonce), "MandateNonceUsed", caller, nonce);
    this.usedNonces.add(`${caller} ${nonce}`);
  }

  /** Takes an amount out of a cap. The largest number there is is never lowered. */
  spend(ledger: string, account: string, spender: string, amount: bigint): void {
    const cap = this.capOf(ledger, account, spender);
    demand(amount <= cap, "MandateCapTooLow", ledger, account, spender, cap, amount);
    if (cap < MaxUint256) this.allow(account, ledger, spender, cap - amount);
  }

  useOrder(account: string, cost: bigint, repay: bigint, { bounds, digest, signed }: BroughtOrder): void {
    demand(this.clock.now < bounds.expiresAt, "MandateExpired", account, bounds.expiresAt);
    demand(cost <= bounds.mostCost, "MandateCostTooHigh", account, cost, bounds.mostCost);
    demand(repay <= bounds.mostRepay, "MandateRepayTooHigh", account, repay, bounds.mostRepay);
    demand(!this.isNonceUsed(account, bounds.nonce), "MandateNonceUsed", account, bounds.nonce);
    demand(signed, "MandateInvalidSignature", account, digest);
    this.cancelNonce(account, bounds.nonce);
  }

  save(): () => void {
    return together([saveMap(this.caps), saveSet(this.usedNonces)]);
  }
}
