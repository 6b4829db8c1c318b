import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const AMOUNT = parseEther("5");

describe("DisputeGame.deposit", () => {
  context("given an allowance", () => {
    async function allowed() {
      const suite = await loadFixture(protocol);
      await suite.token.connect(suite.deployer).approve(suite.disputes, AMOUNT);
      return suite;
    }

    it("moves the caller's tokens into anyone's balance", async () => {
      const { disputes, token, deployer, requester } = await allowed();
      const held = await token.balanceOf(deployer);
      await expect(disputes.connect(deployer).deposit(requester, AMOUNT))
        .to.emit(disputes, "Deposited")
        .withArgs(requester, AMOUNT);
      expect(await disputes.balanceOf(requester)).to.equal(AMOUNT);
      expect(await token.balanceOf(disputes)).to.equal(AMOUNT);
      expect(await token.balanceOf(deployer)).to.equal(held - AMOUNT);
    });

    it("adds to what is there", async () => {
      const { disputes, deployer, requester } = await allowed();
      await disputes.connect(deployer).deposit(requester, AMOUNT - 1n);
      await disputes.connect(deployer).deposit(requester, 1n);
      expect(await disputes.balanceOf(requester)).to.equal(AMOUNT);
    });

    context("when the account is zero", () => {
      it("reverts", async () => {
        const { disputes, deployer } = await allowed();
        await expect(disputes.connect(deployer).deposit(ZeroAddress, AMOUNT)).to.be.revertedWithCustomError(
          disputes,
          "DisputeZeroAccount",
        );
      });
    });

    context("when it is too small", () => {
      it("reverts with the token's own error and credits nothing [I02]", async () => {
        const { disputes, token, deployer, requester } = await allowed();
        await expect(disputes.connect(deployer).deposit(requester, AMOUNT + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(disputes, AMOUNT, AMOUNT + 1n);
        expect(await disputes.balanceOf(requester)).to.equal(0n);
      });
    });
  });

  context("given tokens that were sent to the contract without a deposit", () => {
    it("credits them to nobody [T006]", async () => {
      const { disputes, token, deployer, requester } = await loadFixture(protocol);
      await token.connect(deployer).transfer(disputes, AMOUNT);
      expect(await disputes.balanceOf(requester)).to.equal(0n);
      expect(await disputes.balanceOf(deployer)).to.equal(0n);
    });
  });
});
