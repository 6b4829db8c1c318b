import { expect } from "chai";
import { MaxUint256, parseEther } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import { signPermit } from "../support/payments.ts";

const AMOUNT = parseEther("5");

describe("InferenceMarketplace.depositWithPermit", () => {
  context("given a permit of the caller", () => {
    async function permitted() {
      const suite = await loadFixture(protocol);
      const { v, r, s } = await signPermit(suite, suite.deployer, AMOUNT);
      return { ...suite, permit: [MaxUint256, v, r, s] as const };
    }

    it("deposits without an allowance before", async () => {
      const { market, token, deployer, requester, permit } = await permitted();
      await expect(market.connect(deployer).depositWithPermit(requester, AMOUNT, ...permit))
        .to.emit(market, "Deposited")
        .withArgs(requester, AMOUNT);
      expect(await market.accountOf(requester)).to.deep.equal([AMOUNT, 0n]);
      expect(await token.allowance(deployer, market)).to.equal(0n);
    });

    context("when somebody has spent the permit before", () => {
      it("deposits all the same [T002]", async () => {
        const { market, token, deployer, requester, thief, permit } = await permitted();
        await token.connect(thief).permit(deployer, market, AMOUNT, ...permit);
        await market.connect(deployer).depositWithPermit(requester, AMOUNT, ...permit);
        expect(await market.accountOf(requester)).to.deep.equal([AMOUNT, 0n]);
      });
    });

    context("when somebody else sends it", () => {
      it("reverts, because only the caller's own permit counts", async () => {
        const { market, token, thief, permit } = await permitted();
        await expect(market.connect(thief).depositWithPermit(thief, AMOUNT, ...permit))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(market, 0n, AMOUNT);
      });
    });
  });
});
