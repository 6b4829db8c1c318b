import { disputesLedger, takesAuthorisations } from "../support/behaviours/ledger.ts";

describe("DisputeGame.depositWithAuthorization", () => {
  takesAuthorisations(disputesLedger);
});
