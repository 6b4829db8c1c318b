import { expect } from "chai";

import { packRules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const THAW = 2n ** 24n - 1n;
const MARGIN = 20n;
/** A seed, five sealing steps, reveals, the longest window and game, the time to enter among the sharers, the margin. */
const HORIZON = 20n + 5n * 10n + 10n + 100n + 60n + 5n + MARGIN;

async function given() {
  const { refereedPolicy, market } = await loadFixture(protocol);
  const rules = { ...unpackRules((await market.governed()).rules), horizonPeriod: 0n };
  return { refereedPolicy, market, rules };
}

describe("RefereedPolicy.complete", () => {
  context("given a horizon below what windows need", () => {
    it("raises it: a seed, a draw, a window, a game, the sharers and the margin [I17]", async () => {
      const { refereedPolicy, market, rules } = await given();
      const raised = packRules({ ...rules, horizonPeriod: HORIZON });
      expect(await refereedPolicy.complete(packRules(rules), MARGIN, THAW)).to.equal(raised);
      expect((await market.governed()).rules).to.equal(raised);
    });
  });

  context("given a horizon above it", () => {
    it("leaves all as it is", async () => {
      const { refereedPolicy, rules } = await given();
      const longer = packRules({ ...rules, horizonPeriod: HORIZON + 1n });
      expect(await refereedPolicy.complete(longer, MARGIN, THAW)).to.equal(longer);
    });
  });

  context("given stake that thaws as fast", () => {
    it("reverts and names both periods, to the second [T087 I17]", async () => {
      const { refereedPolicy, rules } = await given();
      await expect(refereedPolicy.complete(packRules(rules), MARGIN, HORIZON))
        .to.be.revertedWithCustomError(refereedPolicy, "PolicyDeadlinesDoNotNest")
        .withArgs(HORIZON, HORIZON);
      await refereedPolicy.complete(packRules(rules), MARGIN, HORIZON + 1n);
    });
  });
});
