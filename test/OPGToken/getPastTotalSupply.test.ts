import { expect } from "chai";
import { parseEther } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";

const SUPPLY = parseEther("1000000000");

describe("OPGToken.getPastTotalSupply", () => {
  const given = () => loadFixture(protocol);

  context("given a burn", () => {
    it("gives the supply that held at a second of the past", async () => {
      const { token, deployer } = await given();
      await time.increase(10);
      await token.connect(deployer).burn(5n);
      const after = await time.latest();
      await time.increase(1);
      expect(await token.getPastTotalSupply(after - 1)).to.equal(SUPPLY);
      expect(await token.getPastTotalSupply(after)).to.equal(SUPPLY - 5n);
    });
  });

  context("given a time that is not over", () => {
    it("reverts and names the clock", async () => {
      const { token } = await given();
      const now = await time.latest();
      await expect(token.getPastTotalSupply(now, { blockTag: await ethers.provider.getBlockNumber() }))
        .to.be.revertedWithCustomError(token, "ERC5805FutureLookup")
        .withArgs(now, now);
    });
  });
});
