import { marketLedger, takesAuthorisations } from "../support/behaviours/ledger.ts";

describe("InferenceMarketplace.depositWithAuthorization", () => {
  takesAuthorisations(marketLedger);
});
