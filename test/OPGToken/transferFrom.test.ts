import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

describe("OPGToken.transferFrom", () => {
  const given = () => loadFixture(protocol);

  context("given an allowance", () => {
    context("when the spender moves a part of it", () => {
      it("moves that and lowers the allowance", async () => {
        const { token, deployer, stranger, thief } = await given();
        await expect(token.connect(deployer).approve(stranger, 7n))
          .to.emit(token, "Approval")
          .withArgs(deployer, stranger, 7n);
        await expect(token.connect(stranger).transferFrom(deployer, thief, 5n))
          .to.emit(token, "Transfer")
          .withArgs(deployer, thief, 5n);
        expect(await token.allowance(deployer, stranger)).to.equal(2n);
        expect(await token.balanceOf(thief)).to.equal(5n);
      });

      it("leaves an allowance without bound as it is", async () => {
        const { token, deployer, stranger } = await given();
        await token.connect(deployer).approve(stranger, MaxUint256);
        await token.connect(stranger).transferFrom(deployer, stranger, 5n);
        expect(await token.allowance(deployer, stranger)).to.equal(MaxUint256);
      });
    });

    context("when it moves more", () => {
      it("reverts and names the allowance", async () => {
        const { token, deployer, stranger } = await given();
        await token.connect(deployer).approve(stranger, 4n);
        await expect(token.connect(stranger).transferFrom(deployer, stranger, 5n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(stranger, 4, 5);
      });
    });

    context("when nobody gave or gets it", () => {
      it("reverts and names nobody", async () => {
        const { token, deployer, stranger } = await given();
        await expect(token.connect(stranger).transferFrom(ZeroAddress, stranger, 0n))
          .to.be.revertedWithCustomError(token, "ERC20InvalidApprover")
          .withArgs(ZeroAddress);
        await expect(token.connect(deployer).approve(ZeroAddress, 1n))
          .to.be.revertedWithCustomError(token, "ERC20InvalidSpender")
          .withArgs(ZeroAddress);
      });
    });
  });
});
