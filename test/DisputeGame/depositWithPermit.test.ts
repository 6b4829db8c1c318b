import { disputesLedger, takesPermits } from "../support/behaviours/ledger.ts";

describe("DisputeGame.depositWithPermit", () => {
  takesPermits(disputesLedger);
});
