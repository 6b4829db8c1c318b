import { disputesLedger, paysOut } from "../support/behaviours/ledger.ts";

describe("DisputeGame.withdraw", () => {
  paysOut(disputesLedger);
});
