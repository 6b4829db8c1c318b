import { expect } from "chai";
import { parseEther, toBeHex, ZeroAddress } from "ethers";

import { packRules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { ADMIN, handedOver, PERIODS, TestProposal } from "../support/control.ts";
import type { Protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

describe("A suite whose control was handed over", () => {
  const cheaper = async ({ market }: Protocol) => {
    const rules = packRules({ ...unpackRules((await market.governed()).rules), feeBps: 100n });
    return { to: await market.getAddress(), data: market.interface.encodeFunctionData("setRules", [rules, 20]) };
  };

  it("changes a rule by proposal, vote, queue, delay and execution, each by anyone who may", async () => {
    const suite = await loadFixture(handedOver);
    const { market, timelock, stranger } = suite;
    const proposal = await new TestProposal(suite, [await cheaper(suite)]).open();
    await proposal.vote();
    await proposal.close();
    await proposal.queue(stranger);
    const eta = await suite.governor.proposalEta(await proposal.proposalId);
    await time.setNextBlockTimestamp(eta - 1n);
    await expect(proposal.execute(stranger))
      .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
      .withArgs(await proposal.operationId(), toBeHex(1n << 2n, 32));
    await time.setNextBlockTimestamp(eta);
    await expect(proposal.execute(stranger)).to.emit(market, "RulesSet");
    expect(unpackRules((await market.governed()).rules).feeBps).to.equal(100n);
    expect(eta - BigInt(await time.latest())).to.equal(0n);
    expect(PERIODS.timelock).to.equal(Number(await timelock.getMinDelay()));
  });

  it("spends the treasury so", async () => {
    const suite = await loadFixture(handedOver);
    const { token, timelock, deployer, publisher } = suite;
    await token.connect(deployer).transfer(timelock, parseEther("5"));
    const data = token.interface.encodeFunctionData("transfer", [publisher.address, parseEther("5")]);
    await (await new TestProposal(suite, [{ to: await token.getAddress(), data }]).passed()).execute();
    expect(await token.balanceOf(publisher)).to.equal(parseEther("5"));
  });

  it("lets the deployer change nothing any more [T115 T120 I28]", async () => {
    const { access, market, optimistic, sessions, scheduler, registry, staking, disputes, deployer } =
      await loadFixture(handedOver);
    const { rules } = await market.governed();
    const { leastOwnStake, leastDelegation, delegationRatio, signerRotationPeriod, commissionNoticePeriod } =
      await staking.parameters();
    const numbers = { leastOwnStake, leastDelegation, delegationRatio, signerRotationPeriod, commissionNoticePeriod };
    for (const attempt of [
      () => market.connect(deployer).setRules(rules, 20),
      () => market.connect(deployer).setTreasury(deployer),
      () => optimistic.connect(deployer).setRules(rules, 20),
      () => scheduler.connect(deployer).setRules(rules),
      () => sessions.connect(deployer).setRules(rules, 20),
      () => sessions.connect(deployer).setTreasury(deployer),
      () => registry.connect(deployer).setRoyaltyNoticePeriod(0),
      () => staking.connect(deployer).setParameters(numbers),
      () => disputes.connect(deployer).addReferee(ZeroAddress),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(market, "AccessManagedUnauthorized").withArgs(deployer);
    }
    for (const attempt of [
      () => access.connect(deployer).grantRole(ADMIN, deployer, 0),
      () => access.connect(deployer).setTargetFunctionRole(market, ["0x12345678"], 7n),
      () => access.connect(deployer).setTargetClosed(market, true),
      () => access.connect(deployer).updateAuthority(market, deployer),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(access, "AccessManagerUnauthorizedAccount")
        .withArgs(deployer, ADMIN);
    }
  });

  it("replaces a guardian by vote within its pause", async () => {
    const suite = await loadFixture(handedOver);
    const { access, pauseGuardian, deployer, publisher } = suite;
    await pauseGuardian.connect(deployer).pause();
    const to = await access.getAddress();
    await (
      await new TestProposal(suite, [
        { to, data: access.interface.encodeFunctionData("revokeRole", [1n, deployer.address]) },
        { to, data: access.interface.encodeFunctionData("grantRole", [1n, publisher.address, 0n]) },
      ]).passed()
    ).execute();
    expect(await time.latest()).to.be.lessThan(await pauseGuardian.pausedUntil());
    await expect(pauseGuardian.connect(deployer).resume())
      .to.be.revertedWithCustomError(pauseGuardian, "AccessManagedUnauthorized")
      .withArgs(deployer);
    await expect(pauseGuardian.connect(publisher).resume()).to.emit(pauseGuardian, "Resumed").withArgs(publisher);
  });
});
