import { expect } from "chai";

import { slandered } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";

describe("DisputeGame.burnForfeited", () => {
  context("given a bond that was lost", () => {
    it("destroys what the node did not get, once, whoever calls [I05]", async () => {
      const { disputes, token, other, game } = await loadFixture(slandered);
      await game.respond();
      await game.missDeadline();
      await game.timeout();
      const burned = game.struct.bond - (game.struct.bond * 6_000n) / 10_000n;
      const [held, supply] = [await token.balanceOf(disputes), await token.totalSupply()];
      await expect(disputes.connect(other).burnForfeited()).to.emit(disputes, "ForfeitedBurned").withArgs(burned);
      expect(await token.balanceOf(disputes)).to.equal(held - burned);
      expect(await token.totalSupply()).to.equal(supply - burned);
      await expect(disputes.connect(other).burnForfeited()).to.emit(disputes, "ForfeitedBurned").withArgs(0n);
    });
  });
});
