import { expect } from "chai";
import { MaxUint256, parseEther } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import { signPermit } from "../support/payments.ts";

const AMOUNT = parseEther("5");

describe("DisputeGame.depositWithPermit", () => {
  context("given a permit of the caller", () => {
    async function permitted() {
      const suite = await loadFixture(protocol);
      const { v, r, s } = await signPermit(suite, suite.deployer, AMOUNT, suite.disputes);
      return { ...suite, permit: [MaxUint256, v, r, s] as const };
    }

    it("deposits without an allowance before", async () => {
      const { disputes, token, deployer, requester, permit } = await permitted();
      await expect(disputes.connect(deployer).depositWithPermit(requester, AMOUNT, ...permit))
        .to.emit(disputes, "Deposited")
        .withArgs(requester, AMOUNT);
      expect(await disputes.balanceOf(requester)).to.equal(AMOUNT);
      expect(await token.allowance(deployer, disputes)).to.equal(0n);
    });

    context("when somebody has spent the permit before", () => {
      it("deposits all the same [T002]", async () => {
        const { disputes, token, deployer, requester, thief, permit } = await permitted();
        await token.connect(thief).permit(deployer, disputes, AMOUNT, ...permit);
        await disputes.connect(deployer).depositWithPermit(requester, AMOUNT, ...permit);
        expect(await disputes.balanceOf(requester)).to.equal(AMOUNT);
      });
    });

    context("when somebody else sends it", () => {
      it("reverts, because only the caller's own permit counts", async () => {
        const { disputes, token, thief, permit } = await permitted();
        await expect(disputes.connect(thief).depositWithPermit(thief, AMOUNT, ...permit))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(disputes, 0n, AMOUNT);
      });
    });
  });
});
