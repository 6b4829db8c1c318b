import { marketLedger, takesPermits } from "../support/behaviours/ledger.ts";

describe("InferenceMarketplace.depositWithPermit", () => {
  takesPermits(marketLedger);
});
