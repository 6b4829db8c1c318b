import { spendsBalances } from "../support/behaviours/spending.ts";

describe("OptimisticMarketplace.spend", () => {
  spendsBalances(({ optimistic }) => optimistic);
});
