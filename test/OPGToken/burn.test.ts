import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const SUPPLY = parseEther("1000000000");

describe("OPGToken.burn", () => {
  const given = () => loadFixture(protocol);

  context("given a holder", () => {
    context("when it burns a part", () => {
      it("takes it from balance and supply", async () => {
        const { token, deployer } = await given();
        await expect(token.connect(deployer).burn(5n)).to.emit(token, "Transfer").withArgs(deployer, ZeroAddress, 5n);
        expect(await token.balanceOf(deployer)).to.equal(SUPPLY - 5n);
        expect(await token.totalSupply()).to.equal(SUPPLY - 5n);
      });
    });

    context("when it burns more than it has", () => {
      it("reverts and names what it has", async () => {
        const { token, stranger } = await given();
        await expect(token.connect(stranger).burn(1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(stranger, 0, 1);
      });
    });
  });
});
