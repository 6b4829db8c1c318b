import { expect } from "chai";
import { parseEther } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";

const SUPPLY = parseEther("1000000000");

describe("OPGToken.getPastVotes", () => {
  const given = () => loadFixture(protocol);

  context("given votes that have changed", () => {
    it("gives those that held at a second of the past [T007]", async () => {
      const { token, deployer, stranger } = await given();
      await token.connect(deployer).delegate(deployer);
      const before = await time.latest();
      await time.increase(10);
      await token.connect(deployer).transfer(stranger, 5n);
      const after = await time.latest();
      await time.increase(1);
      expect(await token.getPastVotes(deployer, before)).to.equal(SUPPLY);
      expect(await token.getPastVotes(deployer, after - 1)).to.equal(SUPPLY);
      expect(await token.getPastVotes(deployer, after)).to.equal(SUPPLY - 5n);
    });
  });

  context("given a time that is not over", () => {
    it("reverts and names the clock", async () => {
      const { token, deployer } = await given();
      const now = await time.latest();
      await expect(token.getPastVotes(deployer, now, { blockTag: await ethers.provider.getBlockNumber() }))
        .to.be.revertedWithCustomError(token, "ERC5805FutureLookup")
        .withArgs(now, now);
    });
  });
});
