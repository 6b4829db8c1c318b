import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const SUPPLY = parseEther("1000000000");

describe("OPGToken.delegate", () => {
  const given = () => loadFixture(protocol);

  context("given a holder that has delegated to nobody", () => {
    it("has no votes", async () => {
      const { token, deployer } = await given();
      expect(await token.getVotes(deployer)).to.equal(0);
    });

    context("when it delegates", () => {
      it("gives its votes to the delegate [T007]", async () => {
        const { token, deployer, stranger } = await given();
        const transaction = token.connect(deployer).delegate(stranger);
        await expect(transaction).to.emit(token, "DelegateChanged").withArgs(deployer, ZeroAddress, stranger);
        await expect(transaction).to.emit(token, "DelegateVotesChanged").withArgs(stranger, 0, SUPPLY);
        expect(await token.getVotes(stranger)).to.equal(SUPPLY);
        expect(await token.delegates(deployer)).to.equal(stranger);
      });
    });

    context("when it delegates and burns", () => {
      it("takes the burned votes from the delegate", async () => {
        const { token, deployer, stranger } = await given();
        await token.connect(deployer).delegate(stranger);
        await token.connect(deployer).burn(SUPPLY / 2n);
        expect(await token.getVotes(stranger)).to.equal(SUPPLY / 2n);
      });
    });
  });
});
