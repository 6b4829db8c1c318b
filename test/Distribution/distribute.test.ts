import { expect } from "chai";
import { parseEther } from "ethers";

import { AllocationWallet__factory, Distribution__factory, OPGToken__factory } from "../../typechain-types/index.ts";
import { nth, actors } from "../support/actors.ts";
import { ethers, loadFixture, time } from "../support/network.ts";

const SUPPLY = parseEther("1000000000");
const PAID = parseEther("10");
const VESTED = parseEther("100");

/** A tenth of a second's worth of one share is paid at once, the other over 100 seconds. */
async function allocated() {
  const cast = await actors();
  const { deployer, publisher, delegator, requester } = cast;
  const once = { account: publisher.address, amount: PAID, startsAt: 0, cliffPeriod: 0, vestingPeriod: 0 };
  const vested = { account: delegator.address, amount: VESTED, startsAt: 0, cliffPeriod: 50, vestingPeriod: 100 };
  const distribution = await new Distribution__factory(deployer).deploy([once, vested], requester.address);
  const startsAt = await time.latest();
  const token = await new OPGToken__factory(deployer).deploy(distribution);
  const wallet = AllocationWallet__factory.connect(nth(await distribution.shares(), 1).payee, ethers.provider);
  return { ...cast, distribution, token, wallet, startsAt };
}

describe("Distribution.distribute", () => {
  it("pays everybody and the rest at anyone's call, and holds nothing afterwards [T120]", async () => {
    const { distribution, token, wallet, publisher, requester, stranger } = await loadFixture(allocated);
    const remainder = SUPPLY - PAID - VESTED;
    const distributed = distribution.connect(stranger).distribute(token);
    await expect(distributed).to.emit(distribution, "Distributed").withArgs(token, remainder);
    await expect(distributed).to.changeTokenBalances(
      ethers,
      token,
      [distribution, publisher, wallet, requester],
      [-SUPPLY, PAID, VESTED, remainder],
    );
    expect(await token.balanceOf(distribution)).to.equal(0n);
  });

  it("lets a wallet release nothing before its cliff, and all at its end", async () => {
    const { distribution, token, wallet, startsAt, delegator, stranger } = await loadFixture(allocated);
    await distribution.distribute(token);
    expect(await wallet["vestedAmount(address,uint64)"](token, startsAt + 49)).to.equal(0n);
    await time.setNextBlockTimestamp(startsAt + 50);
    await wallet.connect(stranger)["release(address)"](token);
    expect(await token.balanceOf(delegator)).to.equal(VESTED / 2n);
    await time.setNextBlockTimestamp(startsAt + 100);
    await wallet.connect(stranger)["release(address)"](token);
    expect(await token.balanceOf(delegator)).to.equal(VESTED);
  });

  it("pays a token once", async () => {
    const { distribution, token } = await loadFixture(allocated);
    await distribution.distribute(token);
    await expect(distribution.distribute(token))
      .to.be.revertedWithCustomError(distribution, "DistributionDone")
      .withArgs(token);
  });

  it("takes nothing from OPG when a stranger brings another token, before or after", async () => {
    const { distribution, token, thief, publisher } = await loadFixture(allocated);
    const theirs = await new OPGToken__factory(thief).deploy(distribution);
    await distribution.connect(thief).distribute(theirs);
    await distribution.distribute(token);
    expect(await token.balanceOf(publisher)).to.equal(PAID);

    const poor = await new OPGToken__factory(thief).deploy(thief);
    await poor.connect(thief).transfer(distribution, PAID + VESTED - 1n);
    await expect(distribution.connect(thief).distribute(poor))
      .to.be.revertedWithCustomError(distribution, "DistributionTooSmall")
      .withArgs(poor, PAID + VESTED - 1n, PAID + VESTED);
    await poor.connect(thief).transfer(distribution, 1n);
    await distribution.connect(thief).distribute(poor);
  });
});
