import { expect } from "chai";
import { parseEther } from "ethers";

import { only } from "../support/actors.ts";
import { OWN_STAKE, servedByThree } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

describe("InferenceMarketplace.weightsAt", () => {
  it("remembers every weight that held for a second or more, with the sum of its time", async () => {
    const { market, nodes, version } = await loadFixture(servedByThree);
    const operator = only(nodes.slice(0, 1));
    const { endsAt, maxLock } = await market.servingOf(operator.node, version);
    const start = (await time.latest()) + 10;
    const weights = ["100", "900", "300", "1000", "1"].map((weight) => parseEther(weight));
    for (const [i, weight] of weights.entries()) {
      await time.setNextBlockTimestamp(start + 10 * i);
      await market.connect(operator.signer).serve(operator.node, version, weight, maxLock, endsAt);
    }
    for (const [i, weight] of weights.entries()) {
      for (const offset of [0, 9]) {
        const at = start + 10 * i + offset;
        expect(await market.weightsAt(operator.node, version, at)).to.deep.equal([weight, 2n * OWN_STAKE + weight]);
      }
    }
    expect(await market.weightsAt(operator.node, version, start - 1)).to.deep.equal([OWN_STAKE, 3n * OWN_STAKE]);
    expect(await market.weightsAt(operator.node, version, 0)).to.deep.equal([0n, 0n]);
  });

  it("never counts more than the stake of that time, to a thousandth of an OPG", async () => {
    const { market, staking, nodes, version } = await loadFixture(servedByThree);
    const operator = only(nodes.slice(0, 1));
    const now = (await time.latest()) + 10;
    await time.setNextBlockTimestamp(now);
    await staking.connect(operator.owner).thaw(operator.node, parseEther("0.0015"));
    const weight = async (at: number) => (await market.weightsAt(operator.node, version, at)).weight;
    expect(await weight(now)).to.equal(OWN_STAKE - parseEther("0.002"));
    expect(await weight(now - 1)).to.equal(OWN_STAKE);
  });
});
