import { expect } from "chai";
import { parseEther, toBeHex } from "ethers";

import { TestProposal, voting } from "../support/control.ts";
import type { Protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const QUORUM = parseEther("40000000");

describe("OPGGovernor.propose", () => {
  const robbing = async (suite: Protocol) => {
    const { token, thief } = suite;
    const data = token.interface.encodeFunctionData("transfer", [thief.address, 1n]);
    return new TestProposal(suite, [{ to: await token.getAddress(), data }]);
  };

  it("needs votes that were there before [T114]", async () => {
    const suite = await loadFixture(voting);
    const { token, governor, deployer, thief } = suite;
    await token.connect(deployer).transfer(thief, parseEther("1"));
    // Held in the very second of the proposal, as a flash loan is.
    const now = await time.latest();
    await time.setNextBlockTimestamp(now + 1);
    await token.connect(thief).delegate(thief);
    await time.setNextBlockTimestamp(now + 1);
    await expect((await robbing(suite)).propose(thief))
      .to.be.revertedWithCustomError(governor, "GovernorInsufficientProposerVotes")
      .withArgs(thief, 0n, parseEther("1"));
    await time.increase(1);
    await expect((await robbing(suite)).propose(thief)).to.emit(governor, "ProposalCreated");
  });

  it("counts the votes of a moment that nobody can choose any more when it is known [T114]", async () => {
    const suite = await loadFixture(voting);
    const { token, governor, deployer, thief } = suite;
    const proposal = await (await robbing(suite)).open();
    // All of the supply changes hands after the snapshot, and counts for nothing.
    await token.connect(deployer).transfer(thief, await token.balanceOf(deployer));
    await token.connect(thief).delegate(thief);
    await time.increase(1);
    await proposal.vote(thief);
    const { forVotes } = await governor.proposalVotes(await proposal.proposalId);
    expect(forVotes).to.equal(0n);
    await proposal.vote(deployer, 0);
    await proposal.close();
    expect(await governor.state(await proposal.proposalId)).to.equal(3n);
    await expect(proposal.queue())
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(await proposal.proposalId, 3, toBeHex(1n << 4n, 32));
  });

  it("comes to nothing without a quorum of the total supply [T123]", async () => {
    const suite = await loadFixture(voting);
    const { token, governor, deployer, publisher, delegator } = suite;
    await token.connect(deployer).transfer(publisher, QUORUM - 1n);
    await token.connect(deployer).transfer(delegator, 1n);
    for (const voter of [publisher, delegator]) await token.connect(voter).delegate(voter);
    await time.increase(1);

    const quiet = await (await robbing(suite)).open();
    await quiet.vote(publisher);
    await quiet.close();
    expect(await governor.state(await quiet.proposalId)).to.equal(3n);

    const heard = await new TestProposal(suite, [await transferOfNothing(suite)], "Another").open();
    await heard.vote(publisher);
    await heard.vote(delegator);
    await heard.close();
    expect(await governor.state(await heard.proposalId)).to.equal(4n);
    expect(await governor.quorum((await time.latest()) - 1)).to.equal(QUORUM);
  });

  it("leaves time to answer a quorum of the last second [T123]", async () => {
    const suite = await loadFixture(voting);
    const { governor, token, deployer, publisher } = suite;
    await token.connect(deployer).transfer(publisher, QUORUM);
    await token.connect(publisher).delegate(publisher);
    await time.increase(1);
    const proposal = await (await robbing(suite)).open();
    const proposalId = await proposal.proposalId;
    const deadline = await governor.proposalDeadline(proposalId);
    await time.setNextBlockTimestamp(deadline);
    await expect(proposal.vote(publisher))
      .to.emit(governor, "ProposalExtended")
      .withArgs(proposalId, deadline + 10n);
    await time.setNextBlockTimestamp(deadline + 10n);
    await proposal.vote(deployer, 0);
    await proposal.close();
    expect(await governor.state(proposalId)).to.equal(3n);
  });
});

async function transferOfNothing({ token, thief }: Protocol) {
  return { to: await token.getAddress(), data: token.interface.encodeFunctionData("transfer", [thief.address, 0n]) };
}
