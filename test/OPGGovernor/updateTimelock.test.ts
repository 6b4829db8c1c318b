import { expect } from "chai";

import { TestProposal, voting } from "../support/control.ts";
import { loadFixture } from "../support/network.ts";

describe("OPGGovernor.updateTimelock", () => {
  it("refuses even what was voted for: without this timelock's delay nobody could react [T115]", async () => {
    const suite = await loadFixture(voting);
    const { governor, timelock, thief } = suite;
    const data = governor.interface.encodeFunctionData("updateTimelock", [thief.address]);
    const proposal = await new TestProposal(suite, [{ to: await governor.getAddress(), data }]).passed();
    await expect(proposal.execute()).to.be.revertedWithCustomError(governor, "ControlTimelockFixed").withArgs(timelock);
    expect(await governor.timelock()).to.equal(await timelock.getAddress());
  });
});
