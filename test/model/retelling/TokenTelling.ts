import { MaxUint256, ZeroAddress } from "ethers";

import type { OPGToken } from "../../../typechain-types/index.ts";
import { entry } from "../NodeBooks.ts";
import type { View } from "../views.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";

/** Balances, supply, allowances and used authorisations of OPG. */
export class TokenTelling implements Telling {
  private supply = 0n;
  private readonly balances = new Map<string, bigint>();
  private readonly allowances = new Map<string, Map<string, bigint>>();
  private readonly authorisations = new Map<string, Set<string>>();
  readonly hears: Hears<OPGToken> = {
    Transfer: ({ from, to, value }) => {
      if (from === ZeroAddress) this.supply += value;
      else this.credit(from, -value);
      if (to === ZeroAddress) this.supply -= value;
      else this.credit(to, value);
    },
    Approval: ({ owner, spender, value }) => {
      this.allowancesOf(owner).set(spender, value);
    },
    AuthorizationUsed: ({ authorizer, nonce }) => {
      entry(this.authorisations, authorizer, () => new Set<string>()).add(nonce);
    },
  };

  /** A transfer's event does not say whose allowance was used: whoever pulled must say so. */
  pulled(owner: string, spender: string, amount: bigint): void {
    const before = this.allowancesOf(owner).get(spender) ?? 0n;
    if (before !== MaxUint256) this.allowancesOf(owner).set(spender, before - amount);
  }

  answers(): View[] {
    return [
      answer("token", "totalSupply", [], this.supply),
      ...[...this.balances].map(([account, balance]) => answer("token", "balanceOf", [account], balance)),
      ...[...this.allowances].flatMap(([owner, spenders]) =>
        [...spenders].map(([spender, amount]) => answer("token", "allowance", [owner, spender], amount)),
      ),
      ...[...this.authorisations].flatMap(([authoriser, used]) =>
        [...used].map((nonce) => answer("token", "authorizationState", [authoriser, nonce], true)),
      ),
    ];
  }

  private credit(account: string, amount: bigint): void {
    this.balances.set(account, (this.balances.get(account) ?? 0n) + amount);
  }

  private allowancesOf(owner: string): Map<string, bigint> {
    return entry(this.allowances, owner, () => new Map<string, bigint>());
  }
}
