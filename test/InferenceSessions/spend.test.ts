import { spendsBalances } from "../support/behaviours/spending.ts";

describe("InferenceSessions.spend", () => {
  spendsBalances(({ sessions }) => sessions);
});
