import { marketLedger, paysOut } from "../support/behaviours/ledger.ts";

describe("InferenceMarketplace.withdraw", () => {
  paysOut(marketLedger);
});
