import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { OPGToken__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const SUPPLY = parseEther("1000000000");

describe("OPGToken.constructor", () => {
  const given = () => loadFixture(protocol);

  context("given a holder", () => {
    it("mints the whole supply to it [T001]", async () => {
      const { deployer, stranger } = await given();
      const token = await new OPGToken__factory(deployer).deploy(stranger);
      await expect(token.deploymentTransaction()).to.emit(token, "Transfer").withArgs(ZeroAddress, stranger, SUPPLY);
      expect(await token.totalSupply()).to.equal(SUPPLY);
      expect(await token.balanceOf(stranger)).to.equal(SUPPLY);
      expect(await token.balanceOf(deployer)).to.equal(0);
    });

    it("is OPG with 18 decimals", async () => {
      const { token } = await given();
      expect(await Promise.all([token.name(), token.symbol(), token.decimals()])).to.deep.equal(["OPG", "OPG", 18n]);
    });
  });

  context("given no holder", () => {
    it("reverts", async () => {
      const { token, deployer } = await given();
      await expect(new OPGToken__factory(deployer).deploy(ZeroAddress))
        .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });
  });

  context("given whatever is done to it later", () => {
    it("has no function that mints, pauses, or belongs to anyone [T001]", () => {
      const writes = new Set<string>();
      OPGToken__factory.createInterface().forEachFunction(({ name, constant }) => constant || writes.add(name));
      expect([...writes].sort()).to.deep.equal([
        "approve",
        "burn",
        "burnFrom",
        "cancelAuthorization",
        "delegate",
        "delegateBySig",
        "permit",
        "receiveWithAuthorization",
        "transfer",
        "transferFrom",
        "transferWithAuthorization",
      ]);
    });
  });
});
