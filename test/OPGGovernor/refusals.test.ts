import { expect } from "chai";
import { ZeroHash } from "ethers";

import { TestProposal, voting } from "../support/control.ts";
import { loadFixture } from "../support/network.ts";

const NOBODY_SIGNED = `0x${"00".repeat(65)}`;

/** A proposal that can be voted on, by the deployer. */
async function open() {
  const suite = await voting();
  const { token, thief } = suite;
  const data = token.interface.encodeFunctionData("transfer", [thief.address, 1n]);
  const proposal = await new TestProposal(suite, [{ to: await token.getAddress(), data }]).open();
  return { ...suite, proposal, proposalId: await proposal.proposalId };
}

describe("OPGGovernor, refusing", () => {
  const given = () => loadFixture(open);

  it("counts an account once", async () => {
    const { governor, deployer, proposal } = await given();
    await proposal.vote(deployer);
    await expect(proposal.vote(deployer, 0))
      .to.be.revertedWithCustomError(governor, "GovernorAlreadyCastVote")
      .withArgs(deployer);
  });

  it("knows three votes", async () => {
    const { governor, deployer, proposal } = await given();
    await expect(proposal.vote(deployer, 3)).to.be.revertedWithCustomError(governor, "GovernorInvalidVoteType");
  });

  it("takes a vote for another only with its signature", async () => {
    const { governor, deployer, thief, proposalId } = await given();
    await expect(governor.connect(thief).castVoteBySig(proposalId, 1, deployer, NOBODY_SIGNED))
      .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
      .withArgs(deployer);
  });

  it("takes a proposal once, with as many values and calls as targets", async () => {
    const { governor, deployer, proposal, proposalId } = await given();
    await expect(proposal.propose())
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(proposalId, 1, ZeroHash);
    await expect(governor.connect(deployer).propose([governor, governor], [0], ["0x", "0x", "0x"], "Uneven"))
      .to.be.revertedWithCustomError(governor, "GovernorInvalidProposalLength")
      .withArgs(2, 3, 1);
  });

  it("takes a proposal whose description names its proposer from nobody else", async () => {
    const { governor, deployer, thief } = await given();
    const description = `Mine #proposer=${thief.address}`;
    await expect(governor.connect(deployer).propose([governor], [0], ["0x"], description))
      .to.be.revertedWithCustomError(governor, "GovernorRestrictedProposer")
      .withArgs(deployer);
  });

  it("lets nobody but its proposer take it back, and not once the vote has begun", async () => {
    const { governor, deployer, thief, proposal, proposalId } = await given();
    for (const account of [thief, deployer]) {
      await expect(proposal.cancel(account))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(proposalId, account);
    }
  });

  it("knows nothing of what nobody has proposed", async () => {
    const { governor } = await given();
    await expect(governor.state(1)).to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal").withArgs(1);
  });

  it("takes no ether, which only the timelock could spend", async () => {
    const { governor, thief } = await given();
    await expect(thief.sendTransaction({ to: governor, value: 1n })).to.be.revertedWithCustomError(
      governor,
      "GovernorDisabledDeposit",
    );
  });
});
