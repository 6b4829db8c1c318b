import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { BALANCE, disputable } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";

describe("DisputeGame.withdraw", () => {
  context("given a balance", () => {
    it("pays it to whom the caller names [I08]", async () => {
      const { disputes, token, requester, publisher } = await loadFixture(disputable);
      await expect(disputes.connect(requester).withdraw(publisher, BALANCE))
        .to.emit(disputes, "Withdrawn")
        .withArgs(requester, publisher, BALANCE);
      expect(await token.balanceOf(publisher)).to.equal(BALANCE);
      expect(await token.balanceOf(disputes)).to.equal(2n * BALANCE);
      expect(await disputes.balanceOf(requester)).to.equal(0n);
    });

    context("when more is asked for", () => {
      it("reverts and names what is there and what was asked", async () => {
        const { disputes, requester } = await loadFixture(disputable);
        await expect(disputes.connect(requester).withdraw(requester, BALANCE + 1n))
          .to.be.revertedWithCustomError(disputes, "DisputeInsufficientBalance")
          .withArgs(requester, BALANCE, BALANCE + 1n);
      });
    });

    context("when nobody is named", () => {
      it("reverts", async () => {
        const { disputes, requester } = await loadFixture(disputable);
        await expect(disputes.connect(requester).withdraw(ZeroAddress, 1n)).to.be.revertedWithCustomError(
          disputes,
          "DisputeZeroAccount",
        );
      });
    });
  });

  context("given no balance", () => {
    it("reverts, whoever else has one", async () => {
      const { disputes, publisher } = await loadFixture(disputable);
      await expect(disputes.connect(publisher).withdraw(publisher, 1n))
        .to.be.revertedWithCustomError(disputes, "DisputeInsufficientBalance")
        .withArgs(publisher, 0n, 1n);
    });
  });
});
