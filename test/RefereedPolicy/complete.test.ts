import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { packRules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const THAW = 2n ** 24n - 1n;
const MARGIN = 20n;
/** A seed, five sealing steps, reveals, the longest window and game, the time to enter among the sharers, the margin. */
const HORIZON = 20n + 5n * 10n + 10n + 100n + 80n + 5n + MARGIN;

async function given() {
  const { policy, refereedPolicy, market } = await loadFixture(protocol);
  const rules = { ...unpackRules((await market.governed()).rules), horizonPeriod: 0n };
  return { policy, refereedPolicy, market, rules };
}

describe("RefereedPolicy.complete", () => {
  context("given appeals that are shorter than disputes", () => {
    it("gives the time of a seed, a draw, a window, a game, the sharers and the margin [I17]", async () => {
      const { refereedPolicy, market, rules } = await given();
      const completed = packRules({ ...rules, horizonPeriod: HORIZON });
      expect(await refereedPolicy.complete(packRules(rules), MARGIN, THAW)).to.equal(completed);
      expect((await market.governed()).rules).to.equal(completed);
    });
  });

  context("given appeals that are longer than disputes", () => {
    it("leaves all as the other policy completes it", async () => {
      const { policy, refereedPolicy, rules } = await given();
      const slow = packRules({ ...rules, appealSealPeriod: 50n });
      const completed = await policy.complete(slow, MARGIN, THAW);
      expect(unpackRules(completed).horizonPeriod).to.be.greaterThan(HORIZON);
      expect(await refereedPolicy.complete(slow, MARGIN, THAW)).to.equal(completed);
    });
  });

  context("given a number that the other policy refuses", () => {
    it("reverts as that does [T117]", async () => {
      const { policy, refereedPolicy, rules } = await given();
      await expect(refereedPolicy.complete(packRules({ ...rules, feeBps: 1_001n }), MARGIN, THAW))
        .to.be.revertedWithCustomError(policy, "PolicyOutOfBounds")
        .withArgs(encodeBytes32String("feeBps"), 1_001, 0, 1_000);
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
