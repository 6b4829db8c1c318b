import type { Mandates } from "../../../typechain-types/index.ts";
import type { View } from "../views.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";

/** Caps of spenders and used nonces. */
export class MandatesTelling implements Telling {
  private readonly answered = new Map<string, View>();
  readonly hears: Hears<Mandates> = {
    SpenderAllowed: ({ ledger, account, spender, cap }) => {
      this.keep(answer("mandates", "capOf", [ledger, account, spender], cap));
    },
    NonceUsed: ({ account, nonce }) => {
      this.keep(answer("mandates", "isNonceUsed", [account, nonce.toString()], true));
    },
  };

  answers(): View[] {
    return [...this.answered.values()];
  }

  private keep(view: View): void {
    this.answered.set(`${view.method} ${view.args.join(" ")}`, view);
  }
}
