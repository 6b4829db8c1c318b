import { spendsBalances } from "../support/behaviours/spending.ts";

describe("InferenceMarketplace.spend", () => {
  spendsBalances(({ market }) => market);
});
