import { disputesLedger, takesDeposits } from "../support/behaviours/ledger.ts";

describe("DisputeGame.deposit", () => {
  takesDeposits(disputesLedger);
});
