import { marketLedger, takesDeposits } from "../support/behaviours/ledger.ts";

describe("InferenceMarketplace.deposit", () => {
  takesDeposits(marketLedger);
});
