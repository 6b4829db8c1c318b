import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { TestProposal, voting } from "../support/control.ts";
import { loadFixture, time } from "../support/network.ts";

describe("OPGTimelock.schedule", () => {
  it("is for the governor alone [T115]", async () => {
    const { timelock, deployer } = await loadFixture(voting);
    await expect(timelock.connect(deployer).schedule(ZeroAddress, 0n, "0x", ZeroHash, ZeroHash, 5))
      .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
      .withArgs(deployer, await timelock.PROPOSER_ROLE());
  });

  it("gives nobody a role: its own admin is the only one [T115 I28]", async () => {
    const { timelock, deployer } = await loadFixture(voting);
    await expect(timelock.connect(deployer).grantRole(await timelock.PROPOSER_ROLE(), deployer))
      .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
      .withArgs(deployer, ZeroHash);
  });

  it("lets nobody but the governor cancel [T115]", async () => {
    const suite = await loadFixture(voting);
    const { timelock, token, deployer, thief } = suite;
    const data = token.interface.encodeFunctionData("transfer", [thief.address, 1n]);
    const proposal = await new TestProposal(suite, [{ to: await token.getAddress(), data }]).passed();
    await expect(timelock.connect(deployer).cancel(await proposal.operationId()))
      .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
      .withArgs(deployer, await timelock.CANCELLER_ROLE());
  });

  it("can be reached by votes through the governor's relay, and no sooner than with the delay [T115]", async () => {
    const suite = await loadFixture(voting);
    const { governor, timelock } = suite;
    const args = [ZeroAddress, 0n, "0x", ZeroHash, ZeroHash, 4] as const;
    const hasty = timelock.interface.encodeFunctionData("schedule", [...args]);
    const relayed = governor.interface.encodeFunctionData("relay", [await timelock.getAddress(), 0n, hasty]);
    const proposal = await new TestProposal(suite, [{ to: await governor.getAddress(), data: relayed }]).passed();
    await expect(proposal.execute())
      .to.be.revertedWithCustomError(timelock, "TimelockInsufficientDelay")
      .withArgs(4, 5);
  });

  it("opens the governor's own settings to nothing that it has not proposed itself [T115]", async () => {
    const suite = await loadFixture(voting);
    const { governor, timelock } = suite;
    const setting = governor.interface.encodeFunctionData("setVotingDelay", [6]);
    const args = [await governor.getAddress(), 0n, setting, ZeroHash, ZeroHash, 5] as const;
    const scheduling = timelock.interface.encodeFunctionData("schedule", [...args]);
    const relayed = governor.interface.encodeFunctionData("relay", [await timelock.getAddress(), 0n, scheduling]);
    const proposal = await new TestProposal(suite, [{ to: await governor.getAddress(), data: relayed }]).passed();
    await proposal.execute();
    await time.increase(5);
    const [to, value, data, predecessor, salt] = args;
    await expect(timelock.connect(suite.thief).execute(to, value, data, predecessor, salt)).to.be.revertedWithPanic(
      0x31,
    );
    expect(await governor.votingDelay()).to.equal(5);
  });

  it("executes nothing before what it was to follow", async () => {
    const suite = await loadFixture(voting);
    const { governor, timelock, thief } = suite;
    const operation = [thief.address, 0n, "0x", id("before"), ZeroHash] as const;
    const scheduling = timelock.interface.encodeFunctionData("schedule", [...operation, 5]);
    const relayed = governor.interface.encodeFunctionData("relay", [await timelock.getAddress(), 0n, scheduling]);
    await (await new TestProposal(suite, [{ to: await governor.getAddress(), data: relayed }]).passed()).execute();
    await time.increase(5);
    await expect(timelock.connect(thief).execute(...operation))
      .to.be.revertedWithCustomError(timelock, "TimelockUnexecutedPredecessor")
      .withArgs(id("before"));
  });

  it("takes a batch only with as many values and calls as targets", async () => {
    const { timelock, thief } = await loadFixture(voting);
    await expect(timelock.connect(thief).executeBatch([thief, thief], [0], ["0x", "0x", "0x"], ZeroHash, ZeroHash))
      .to.be.revertedWithCustomError(timelock, "TimelockInvalidOperationLength")
      .withArgs(2, 3, 1);
  });

  it("takes nobody's confirmation but the caller's own where a role is given up", async () => {
    const { timelock, governor, thief } = await loadFixture(voting);
    const role = await timelock.PROPOSER_ROLE();
    await expect(timelock.connect(thief).renounceRole(role, governor)).to.be.revertedWithCustomError(
      timelock,
      "AccessControlBadConfirmation",
    );
    expect(await timelock.hasRole(role, governor)).to.equal(true);
  });
});
