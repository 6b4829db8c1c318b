import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { TestProposal, voting } from "../support/control.ts";
import type { Protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const NAME = encodeBytes32String("timelockPeriod");

describe("OPGTimelock.updateDelay", () => {
  const updating = async (suite: Protocol, period: number) => {
    const to = await suite.timelock.getAddress();
    return new TestProposal(suite, [
      { to, data: suite.timelock.interface.encodeFunctionData("updateDelay", [period]) },
    ]);
  };

  it("sets a delay between its bounds when it was voted for", async () => {
    const suite = await loadFixture(voting);
    const proposal = await (await updating(suite, 8)).passed();
    await expect(proposal.execute()).to.emit(suite.timelock, "MinDelayChange").withArgs(5, 8);
    expect(await suite.timelock.getMinDelay()).to.equal(8);
  });

  for (const period of [4, 9]) {
    it(`refuses ${period} seconds even then [T115 T117]`, async () => {
      const suite = await loadFixture(voting);
      const proposal = await (await updating(suite, period)).passed();
      await expect(proposal.execute())
        .to.be.revertedWithCustomError(suite.timelock, "ControlOutOfBounds")
        .withArgs(NAME, period, 5, 8);
      expect(await suite.timelock.getMinDelay()).to.equal(5);
    });
  }

  it("is for nobody else, not even the governor [T115]", async () => {
    const { timelock, deployer } = await loadFixture(voting);
    await expect(timelock.connect(deployer).updateDelay(6))
      .to.be.revertedWithCustomError(timelock, "TimelockUnauthorizedCaller")
      .withArgs(deployer);
  });
});
