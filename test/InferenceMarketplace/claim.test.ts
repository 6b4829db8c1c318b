import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { only } from "../support/actors.ts";
import { OWN_STAKE, servedByThree } from "../support/fixtures.ts";
import { all, PRICE, TestJob } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

const COMMISSION = PRICE / 10n;

/** A node that has earned a price. */
async function earned() {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite)).open();
  const seats = suite.nodes.slice(0, 2);
  await job.answer(all(seats));
  await job.settle(seats);
  return { ...suite, suite, operator: only(seats.slice(0, 1)) };
}

describe("InferenceMarketplace.claim", () => {
  context("given a node that has earned something", () => {
    it("moves it into the node's stake and commission, at anyone's call [I41]", async () => {
      const { suite, market, staking, operator, stranger, version } = await earned();
      const before = await ledgerOf(suite);
      await expect(market.connect(stranger).claim(operator.node, version))
        .to.emit(market, "EarningsClaimed")
        .withArgs(operator.node, version, PRICE)
        .and.to.emit(staking, "NodeRewarded")
        .withArgs(operator.node, market, COMMISSION, PRICE - COMMISSION, 0n);
      expect(await changesSince(before, suite)).to.deep.equal({
        market: -PRICE,
        staking: PRICE,
        "node 0 earned": -PRICE,
        "node 0 own": PRICE - COMMISSION,
      });
      expect(await staking.earningsOf(operator.node)).to.equal(COMMISSION);
    });

    it("leaves no allowance behind [T100 I31]", async () => {
      const { market, token, staking, operator, stranger, version } = await earned();
      await market.connect(stranger).claim(operator.node, version);
      expect(await token.allowance(market, staking)).to.equal(0n);
    });

    it("shares with delegators by stake", async () => {
      const { market, staking, token, deployer, delegator, operator, stranger, version } = await earned();
      await token.connect(deployer).transfer(delegator, OWN_STAKE);
      await token.connect(delegator).approve(staking, OWN_STAKE);
      await staking.connect(delegator).delegate(operator.node, OWN_STAKE, 0n);
      const half = (PRICE - COMMISSION) / 2n;
      await expect(market.connect(stranger).claim(operator.node, version))
        .to.emit(staking, "NodeRewarded")
        .withArgs(operator.node, market, COMMISSION, half, half);
    });

    it("pays it once", async () => {
      const { suite, market, operator, stranger, version } = await earned();
      await market.connect(stranger).claim(operator.node, version);
      const before = await ledgerOf(suite);
      await expect(market.connect(stranger).claim(operator.node, version))
        .to.emit(market, "EarningsClaimed")
        .withArgs(operator.node, version, 0n);
      expect(await changesSince(before, suite)).to.deep.equal({});
    });
  });

  context("given somebody who is no node", () => {
    it("reverts with the error of the stake", async () => {
      const { market, staking, stranger, version } = await earned();
      await expect(market.connect(stranger).claim(ZeroAddress, version))
        .to.be.revertedWithCustomError(staking, "StakingUnknownNode")
        .withArgs(ZeroAddress);
    });
  });
});
