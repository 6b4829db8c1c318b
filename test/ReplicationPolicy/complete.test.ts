import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import { packRules, type Rules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const DAY = 86_400n;
/** Long enough for every number at its bound. */
const THAW = 2n ** 24n - 1n;
const MARGIN = 20n;

/** The policy, and the numbers of the local parameters, with the horizon that it gives them. */
async function given() {
  const { policy, market } = await loadFixture(protocol);
  return { policy, rules: { ...unpackRules((await market.governed()).rules), horizonPeriod: 220n } };
}

/** Name, least, most, and the base units of one unit, as the policy's interface states them for local parameters. */
const BOUNDS: readonly [field: Exclude<keyof Rules, "horizonPeriod">, least: bigint, most: bigint, unit?: bigint][] = [
  ["feeBps", 0n, 1_000n],
  ["seatFactorBps", 12_500n, 30_000n],
  ["absenceBps", 500n, 5_000n],
  ["noResultFeeBps", 2_500n, 7_500n],
  ["errorFeeBps", 500n, 5_000n],
  ["royaltyCapBps", 0n, 5_000n],
  ["drawnValueCap", 1n, 1_000_000n, parseEther("1")],
  ["maxSealPeriod", 2n, 6n * 3_600n],
  ["widenSteps", 1n, 6n],
  ["appealWidenSteps", 0n, 3n],
  ["appealSize", 3n, 33n],
  ["activationPeriod", 2n, 7n * DAY],
  ["revealPeriod", 5n, 2n * DAY],
  ["appealSealPeriod", 5n, 3n * DAY],
  ["appealRevealPeriod", 5n, 2n * DAY],
];

describe("ReplicationPolicy.complete", () => {
  for (const [field, least, most, unit = 1n] of BOUNDS) {
    context(`when ${field} is outside its bounds`, () => {
      for (const value of [least - 1n, most + 1n].filter((bound) => bound >= 0n)) {
        it(`reverts and names ${value} and the bounds [T117]`, async () => {
          const { policy, rules } = await given();
          await expect(policy.complete(packRules({ ...rules, [field]: value }), MARGIN, THAW))
            .to.be.revertedWithCustomError(policy, "PolicyOutOfBounds")
            .withArgs(encodeBytes32String(field), value * unit, least * unit, most * unit);
        });
      }

      it("takes both bounds themselves", async () => {
        const { policy, rules } = await given();
        for (const value of [least, most]) {
          const completed = await policy.complete(packRules({ ...rules, [field]: value }), MARGIN, THAW);
          expect(unpackRules(completed)[field]).to.equal(value);
        }
      });
    });
  }

  context("when the margin is outside its bounds", () => {
    it("reverts and names it: half of the floor to 30 days", async () => {
      const { policy, rules } = await given();
      for (const margin of [2n, 30n * DAY + 1n]) {
        await expect(policy.complete(packRules(rules), margin, THAW))
          .to.be.revertedWithCustomError(policy, "PolicyOutOfBounds")
          .withArgs(encodeBytes32String("marginPeriod"), margin, 3, 30n * DAY);
      }
      for (const margin of [3n, 30n * DAY]) await policy.complete(packRules(rules), margin, THAW);
    });
  });

  context("given numbers inside their bounds", () => {
    it("adds up the longest job: a seed, a draw, and twice a seed's block, a seed and a draw", async () => {
      const { policy, rules } = await given();
      const numbers = { maxSealPeriod: 100n, widenSteps: 2n, revealPeriod: 1_000n };
      const appeal = { appealSealPeriod: 20n, appealWidenSteps: 3n, appealRevealPeriod: 30n };
      const completed = await policy.complete(packRules({ ...rules, ...numbers, ...appeal }), 7n, THAW);
      const seed = 20n;
      const horizonPeriod = seed + 3n * 100n + 1_000n + 2n * (2n * seed + 4n * 20n + 30n) + 7n;
      expect(completed).to.equal(packRules({ ...rules, ...numbers, ...appeal, horizonPeriod }));
    });

    it("wants stake to thaw for longer than that, to the second [T087 I17]", async () => {
      const { policy, rules } = await given();
      const { horizonPeriod } = rules;
      expect(await policy.complete(packRules(rules), MARGIN, horizonPeriod + 1n)).to.equal(packRules(rules));
      await expect(policy.complete(packRules(rules), MARGIN, horizonPeriod))
        .to.be.revertedWithCustomError(policy, "PolicyDeadlinesDoNotNest")
        .withArgs(horizonPeriod, horizonPeriod);
    });

    it("keeps no horizon that the caller wrote in", async () => {
      const { policy, rules } = await given();
      const written = packRules({ ...rules, horizonPeriod: 2n ** 24n - 1n });
      expect(await policy.complete(written, MARGIN, THAW)).to.equal(packRules(rules));
    });
  });
});
