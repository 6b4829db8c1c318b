import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import {
  type OptimisticRules,
  packOptimisticRules,
  unpackOptimisticRules,
} from "../../packages/sdk/src/codecs/optimisticRules.ts";
import { itKeepsMarginInBounds, itKeepsRulesInBounds, type OutOfBounds } from "../support/behaviours/rules.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import { offering, TestOffer } from "../support/optimistic.ts";

const DAY = 86_400n;
const MARGIN = 20n;

const BOUNDS: readonly OutOfBounds<OptimisticRules>[] = [
  [{ feeBps: 1_001n }, 0n, 1_000n],
  [{ royaltyCapBps: 5_001n }, 0n, 5_000n],
  [{ deterrence: 24n }, 25n, 100n],
  [{ deterrence: 101n }, 25n, 100n],
  [{ latePenaltyFactor: 0n }, 1n, 20n],
  [{ latePenaltyFactor: 21n }, 1n, 20n],
  [{ finisherShareBps: 2_499n }, 2_500n, 5_000n],
  [{ finisherShareBps: 5_001n }, 2_500n, 5_000n],
  [{ challengerShareBps: 2_499n }, 2_500n, 5_000n],
  [{ challengerShareBps: 5_001n }, 2_500n, 5_000n],
  [{ disputeBond: 0n }, parseEther("1"), parseEther("100000")],
  [{ disputeBond: 100_001n }, parseEther("1"), parseEther("100000")],
  [{ maxAnswerPeriod: 4n }, 5n, 2n * DAY],
  [{ maxAnswerPeriod: 2n * DAY + 1n }, 5n, 2n * DAY],
  [{ mostWindowPeriod: 29n }, 30n, 14n * DAY],
  [{ mostWindowPeriod: 14n * DAY + 1n }, 30n, 14n * DAY],
  [{ absenceBps: 499n }, 500n, 5_000n],
  [{ absenceBps: 5_001n }, 500n, 5_000n],
  [{ auditSeats: 4n }, 5n, 30n],
  [{ auditSeats: 31n }, 5n, 30n],
  [{ auditSteps: 0n }, 1n, 6n],
  [{ auditSteps: 7n }, 1n, 6n],
  [{ auditSealPeriod: 1n }, 2n, 20n],
  [{ auditSealPeriod: 21n }, 2n, 20n],
  [{ auditRevealPeriod: 4n }, 5n, 2n * DAY],
  [{ auditRevealPeriod: 2n * DAY + 1n }, 5n, 2n * DAY],
];

describe("OptimisticMarketplace.setRules", () => {
  async function given() {
    const suite = await loadFixture(protocol);
    const { optimistic: contract } = suite;
    const local = unpackOptimisticRules((await contract.governed()).rules);
    const set = (sender: HardhatEthersSigner, rules: OptimisticRules, margin = MARGIN) =>
      contract.connect(sender).setRules(packOptimisticRules(rules), margin);
    return { ...suite, contract, local, set };
  }

  context("when the admin sets numbers within their bounds", () => {
    it("completes them with the horizon and says so", async () => {
      const { optimistic, deployer, local, set } = await given();
      const rules = { ...local, feeBps: 100n, maxAnswerPeriod: 50n };
      const expected = packOptimisticRules({ ...rules, horizonPeriod: local.horizonPeriod - 10n });
      await expect(set(deployer, rules)).to.emit(optimistic, "OptimisticRulesSet").withArgs(expected, MARGIN);
      expect((await optimistic.governed()).rules).to.equal(expected);
    });

    it("does not touch a job that was ordered before [T117]", async () => {
      const suite = await loadFixture(offering);
      const { optimistic, deployer } = suite;
      const job = await TestOffer.named(suite);
      const local = unpackOptimisticRules((await optimistic.governed()).rules);
      await optimistic.connect(deployer).setRules(packOptimisticRules({ ...local, feeBps: 1_000n }), MARGIN);
      await job.answer(suite.first);
      await job.endWindow();
      await job.settle();
      expect((await optimistic.accountOf(suite.requester)).fees).to.equal(parseEther("0.05"));
    });
  });

  itKeepsRulesInBounds(given, "MarketTermOutOfBounds", BOUNDS);
  itKeepsMarginInBounds(given, "MarketTermOutOfBounds");

  context("when the chain could forget an audit's seed before sealing ends", () => {
    it("reverts by a second and names both", async () => {
      const { optimistic, deployer, local, set } = await given();
      // Two seconds to the first step, and three steps of six.
      const rules = { ...local, auditSteps: 2n, auditSealPeriod: 6n };
      await set(deployer, rules);
      await expect(set(deployer, { ...rules, auditSealPeriod: 7n }))
        .to.be.revertedWithCustomError(optimistic, "MarketTermOutOfBounds")
        .withArgs(encodeBytes32String("auditSealing"), 23n, 0n, 20n);
    });
  });

  context("when a job could outlast the thaw", () => {
    it("reverts by a second and names both [T087 T117 I17]", async () => {
      const { optimisticPolicy, staking, deployer, local, set } = await given();
      const thawPeriod = await staking.THAW_PERIOD();
      const room = thawPeriod - local.horizonPeriod;
      const rules = { ...local, mostWindowPeriod: local.mostWindowPeriod + room };
      await expect(set(deployer, rules))
        .to.be.revertedWithCustomError(optimisticPolicy, "MarketDeadlinesDoNotNest")
        .withArgs(thawPeriod, thawPeriod);
      await set(deployer, rules, MARGIN - 1n);
    });
  });
});
