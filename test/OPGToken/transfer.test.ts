import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";

const VALUE = parseEther("10");

describe("OPGToken.transfer", () => {
  const given = () => loadFixture(protocol);

  context("given a holder", () => {
    context("when it sends a part", () => {
      it("moves exactly that", async () => {
        const { token, deployer, stranger } = await given();
        const transaction = token.connect(deployer).transfer(stranger, VALUE);
        await expect(transaction).to.emit(token, "Transfer").withArgs(deployer, stranger, VALUE);
        await expect(transaction).to.changeTokenBalances(ethers, token, [deployer, stranger], [-VALUE, VALUE]);
      });
    });

    context("when both sides have delegated their votes", () => {
      it("moves the votes with the tokens", async () => {
        const { token, deployer, stranger, delegator } = await given();
        await token.connect(deployer).delegate(deployer);
        await token.connect(stranger).delegate(delegator);
        const before = await token.getVotes(deployer);
        await expect(token.connect(deployer).transfer(stranger, VALUE))
          .to.emit(token, "DelegateVotesChanged")
          .withArgs(delegator, 0, VALUE);
        expect(await token.getVotes(deployer)).to.equal(before - VALUE);
        expect(await token.getVotes(delegator)).to.equal(VALUE);
      });
    });

    context("when it sends more than it has", () => {
      it("reverts and names what it has", async () => {
        const { token, deployer, stranger } = await given();
        await expect(token.connect(stranger).transfer(deployer, 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(stranger, 0, 1);
      });
    });

    context("when it sends to nobody", () => {
      it("reverts: burning is a function of its own", async () => {
        const { token, deployer } = await given();
        await expect(token.connect(deployer).transfer(ZeroAddress, 1n))
          .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
          .withArgs(ZeroAddress);
      });
    });
  });
});
