import type { ReceiptBook } from "../../../typechain-types/index.ts";
import type { View } from "../views.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";

/** Receipts that were shown. */
export class ReceiptsTelling implements Telling {
  private readonly shown = new Map<string, { readonly until: bigint; readonly price: bigint }>();
  readonly hears: Hears<ReceiptBook> = {
    // Of a statement that is shown again the event has the time that counts, and its own price, which may be the lower one.
    ReceiptShown: ({ statementId, receipt, disputableUntil }) => {
      const before = this.shown.get(statementId)?.price ?? 0n;
      const price = receipt.price > before ? receipt.price : before;
      this.shown.set(statementId, { until: disputableUntil, price });
    },
  };

  answers(): View[] {
    return [...this.shown].map(([id, { until, price }]) => answer("receipts", "shownOf", [id], until | (price << 48n)));
  }
}
