import { expect } from "chai";
import { parseEther } from "ethers";

import { only } from "../support/actors.ts";
import { MAX_LOCK, OWN_STAKE, servedByThree } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const LEAVING = parseEther("100");

describe("InferenceMarketplace.refreshServing", () => {
  context("given a node whose stake shrank below its weight", () => {
    async function shrunk() {
      const suite = await loadFixture(servedByThree);
      const operator = only(suite.nodes.slice(0, 1));
      await suite.staking.connect(operator.owner).thaw(operator.node, LEAVING);
      return { ...suite, operator };
    }

    it("lets anyone lower the weight, and with it the sum [T033]", async () => {
      const { market, operator, stranger, version } = await shrunk();
      const { endsAt } = await market.servingOf(operator.node, version);
      const left = OWN_STAKE - LEAVING;
      await expect(market.connect(stranger).refreshServing(operator.node, version))
        .to.emit(market, "ServingSet")
        .withArgs(operator.node, version, left, MAX_LOCK, endsAt);
      const now = await time.latest();
      expect(await market.weightsAt(operator.node, version, now)).to.deep.equal([left, 3n * OWN_STAKE - LEAVING]);
    });

    it("weighs no more than its stake even before that", async () => {
      const { market, operator, version } = await shrunk();
      const now = await time.latest();
      expect(await market.weightsAt(operator.node, version, now)).to.deep.equal([OWN_STAKE - LEAVING, 3n * OWN_STAKE]);
    });
  });

  context("given a node whose stake backs its weight", () => {
    it("changes nothing", async () => {
      const { market, nodes, stranger, version } = await loadFixture(servedByThree);
      const operator = only(nodes.slice(0, 1));
      const before = await market.servingOf(operator.node, version);
      await expect(market.connect(stranger).refreshServing(operator.node, version)).not.to.emit(market, "ServingSet");
      expect(await market.servingOf(operator.node, version)).to.deep.equal(before);
    });
  });
});
