import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { packRules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { ROYALTY, servedByThree } from "../support/fixtures.ts";
import { all, PRICE, TestJob } from "../support/jobs.ts";
import { changesSince, earningsOf, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";

const MARGIN = 20n;
const ROLE = 7n;

async function governed() {
  const suite = await loadFixture(servedByThree);
  const rules = unpackRules((await suite.market.governed()).rules);
  return { ...suite, suite, rules };
}

describe("InferenceMarketplace.setRules", () => {
  context("given the admin", () => {
    it("sets the numbers and computes their horizon", async () => {
      const { market, deployer, rules } = await governed();
      const next = { ...rules, feeBps: 1_000n, revealPeriod: 20n, horizonPeriod: 295n };
      await expect(market.connect(deployer).setRules(packRules({ ...next, horizonPeriod: 1n }), MARGIN))
        .to.emit(market, "RulesSet")
        .withArgs(packRules(next), MARGIN);
      expect((await market.governed()).rules).to.equal(packRules(next));
    });

    it("cannot leave the bounds of the policy [T117 I17]", async () => {
      const { market, policy, deployer, rules } = await governed();
      await expect(market.connect(deployer).setRules(packRules({ ...rules, feeBps: 1_001n }), MARGIN))
        .to.be.revertedWithCustomError(policy, "PolicyOutOfBounds")
        .withArgs(encodeBytes32String("feeBps"), 1_001, 0, 1_000);
      await expect(market.connect(deployer).setRules(packRules({ ...rules, revealPeriod: 90n }), MARGIN))
        .to.be.revertedWithCustomError(policy, "PolicyDeadlinesDoNotNest")
        .withArgs(300, 300);
    });

    it("cannot reach into a job that was requested before [T118]", async () => {
      const { suite, market, deployer, nodes, rules } = await governed();
      const before = await ledgerOf(suite);
      const job = await (await TestJob.request(suite)).open();
      const changed = { ...rules, feeBps: 1_000n, royaltyCapBps: 0n, absenceBps: 5_000n, appealSize: 9n };
      await market.connect(deployer).setRules(packRules(changed), MARGIN);
      const seats = nodes.slice(0, 2);
      await job.answer(all(seats));
      await job.settle(seats);

      const fee = (2n * PRICE * rules.feeBps) / 10_000n;
      expect(await changesSince(before, suite)).to.deep.equal({
        requester: -2n * PRICE - fee - ROYALTY,
        fees: fee,
        publisher: ROYALTY,
        ...earningsOf([0, 1], PRICE),
      });
    });
  });

  context("when anyone else calls", () => {
    it("reverts and names the caller", async () => {
      const { market, thief, rules } = await governed();
      await expect(market.connect(thief).setRules(packRules(rules), MARGIN))
        .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
        .withArgs(thief);
    });
  });

  context("given a role for this function", () => {
    it("lets its member set rules, and nothing else", async () => {
      const { market, access, deployer, publisher, rules } = await governed();
      const { selector } = market.interface.getFunction("setRules");
      await access.connect(deployer).setTargetFunctionRole(market, [selector], ROLE);
      await access.connect(deployer).grantRole(ROLE, publisher, 0);
      await market.connect(publisher).setRules(packRules({ ...rules, feeBps: 0n }), MARGIN);
      expect(unpackRules((await market.governed()).rules).feeBps).to.equal(0n);
      await expect(market.connect(publisher).setTreasury(publisher))
        .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
        .withArgs(publisher);
    });

    it("holds its member to the delay that it was given", async () => {
      const { market, access, deployer, publisher, rules } = await governed();
      const { selector } = market.interface.getFunction("setRules");
      await access.connect(deployer).setTargetFunctionRole(market, [selector], ROLE);
      await access.connect(deployer).grantRole(ROLE, publisher, 3_600);
      const call = market.interface.encodeFunctionData("setRules", [packRules({ ...rules, feeBps: 0n }), MARGIN]);
      const operation = await access.hashOperation(publisher, market, call);
      await expect(market.connect(publisher).setRules(packRules({ ...rules, feeBps: 0n }), MARGIN))
        .to.be.revertedWithCustomError(access, "AccessManagerNotScheduled")
        .withArgs(operation);
      await access.connect(publisher).schedule(market, call, 0);
      await time.increase(3_600);
      await access.connect(publisher).execute(market, call);
      expect(unpackRules((await market.governed()).rules).feeBps).to.equal(0n);
    });
  });
});
