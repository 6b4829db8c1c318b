import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const SUPPLY = parseEther("1000000000");

describe("OPGToken.burnFrom", () => {
  const given = () => loadFixture(protocol);

  context("given an allowance", () => {
    context("when the spender burns within it", () => {
      it("takes it from balance, allowance and supply", async () => {
        const { token, deployer, stranger } = await given();
        await token.connect(deployer).approve(stranger, 7n);
        await expect(token.connect(stranger).burnFrom(deployer, 5n))
          .to.emit(token, "Transfer")
          .withArgs(deployer, ZeroAddress, 5n);
        expect(await token.totalSupply()).to.equal(SUPPLY - 5n);
        expect(await token.allowance(deployer, stranger)).to.equal(2n);
      });
    });

    context("when it burns more", () => {
      it("reverts and names the allowance", async () => {
        const { token, deployer, stranger } = await given();
        await token.connect(deployer).approve(stranger, 4n);
        await expect(token.connect(stranger).burnFrom(deployer, 5n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(stranger, 4, 5);
      });
    });
  });
});
