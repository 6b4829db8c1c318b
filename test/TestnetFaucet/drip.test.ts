import { expect } from "chai";
import { parseEther } from "ethers";

import { actors } from "../support/actors.ts";
import { deployTestnet, parametersFor } from "../support/deployment.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { nextTime } from "../support/staking.ts";

const DRIP = parseEther("1000");
const CAP = parseEther("100000");
const DAY = 86_400n;

/** The faucet of the real module, at the beginning of a day. */
async function filled() {
  const cast = await actors();
  const { token, faucet } = await deployTestnet(parametersFor("testnet", cast.deployer.address));
  await time.increaseTo((BigInt(await time.latest()) / DAY + 1n) * DAY);
  return { ...cast, token, faucet };
}

describe("TestnetFaucet.drip", () => {
  it("gives an account its part, whoever asks", async () => {
    const { token, faucet, stranger, requester } = await loadFixture(filled);
    const now = await nextTime();
    const given = faucet.connect(stranger).drip(requester);
    await expect(given).to.emit(faucet, "Dripped").withArgs(requester, DRIP);
    await expect(given).to.changeTokenBalances(ethers, token, [faucet, requester], [-DRIP, DRIP]);
    expect(await faucet.nextAt(requester)).to.equal(now + DAY);
  });

  it("says when the next part can be had, and gives it then [T155]", async () => {
    const { faucet, requester } = await loadFixture(filled);
    const nextAt = (await nextTime()) + DAY;
    await faucet.connect(requester).drip(requester);
    await time.setNextBlockTimestamp(nextAt - 1n);
    await expect(faucet.connect(requester).drip(requester))
      .to.be.revertedWithCustomError(faucet, "FaucetTooSoon")
      .withArgs(requester, nextAt);
    await time.setNextBlockTimestamp(nextAt);
    await faucet.connect(requester).drip(requester);
  });

  it("gives no more than the day's amount to all together, and the next day's from midnight on [T155]", async () => {
    const { faucet, stranger } = await loadFixture(filled);
    const accounts = Array.from({ length: Number(CAP / DRIP) + 1 }, () => ethers.Wallet.createRandom().address);
    const last = accounts.pop() ?? "";
    for (const account of accounts) await faucet.connect(stranger).drip(account);
    const midnight = (BigInt(await time.latest()) / DAY + 1n) * DAY;
    await time.setNextBlockTimestamp(midnight - 1n);
    await expect(faucet.connect(stranger).drip(last))
      .to.be.revertedWithCustomError(faucet, "FaucetDry")
      .withArgs(midnight);
    await time.setNextBlockTimestamp(midnight);
    await faucet.connect(stranger).drip(last);
  });

  it("holds the allocation of the deployer, who keeps its votes and nothing else [T120]", async () => {
    const { token, faucet, deployer } = await loadFixture(filled);
    expect(await token.balanceOf(faucet)).to.equal(parseEther("10000000"));
    // All accounts of the file are the deployer's here: what it holds is the first allocation, for votes.
    expect(await token.balanceOf(deployer)).to.equal(parseEther("100000000"));
    expect(await faucet.TOKEN()).to.equal(await token.getAddress());
    expect(await faucet.DRIP()).to.equal(DRIP);
    expect(await faucet.DAILY_CAP()).to.equal(CAP);
  });
});
