import { expect } from "chai";

import { gasLimitOf } from "../../packages/sdk/src/index.ts";
import { only } from "../support/actors.ts";
import { LOCK_PERIOD, OWN_STAKE, registerNode, released } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";

describe("gasLimitOf", () => {
  const twoNodes = async () => {
    const suite = await released();
    const operators = suite.operators.slice(0, 2);
    for (const operator of operators) {
      await registerNode(suite, operator);
      await suite.staking.connect(operator.owner).authorise(operator.node, suite.market, OWN_STAKE);
    }
    return { ...suite, first: only(operators.slice(0, 1)), second: only(operators.slice(1)) };
  };

  context("given an estimate made in the second in which another node has declared its weight", () => {
    const given = async () => {
      const { market, first, second, version } = await loadFixture(twoNodes);
      const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
      await market.connect(first.signer).serve(first.node, version, OWN_STAKE, OWN_STAKE, endsAt);
      const now = await time.latest();
      const serve = market.connect(second.signer).serve;
      await time.setNextBlockTimestamp(now);
      const estimate = await serve.estimateGas(second.node, version, OWN_STAKE, OWN_STAKE, endsAt);
      await time.setNextBlockTimestamp(now + 1);
      return {
        estimate,
        send: (gasLimit: bigint) => serve(second.node, version, OWN_STAKE, OWN_STAKE, endsAt, { gasLimit }),
      };
    };

    it("suffices in the next second, though a new entry of history is due", async () => {
      const { estimate, send } = await given();
      const receipt = await (await send(gasLimitOf(estimate))).wait();
      expect(receipt?.status).to.equal(1);
    });

    it("is more than a fifth on top, which runs out of gas", async () => {
      const { estimate, send } = await given();
      await expect(send((estimate * 120n) / 100n)).to.be.revertedWithoutReason(ethers);
    });
  });
});
