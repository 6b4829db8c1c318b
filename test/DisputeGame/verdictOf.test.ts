import { expect } from "chai";
import { id } from "ethers";

import { Verdict } from "../../packages/sdk/src/codecs/dispute.ts";
import { disputable, slandered, SMALL, TestStatement } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";

describe("DisputeGame.verdictOf", () => {
  context("given a statement that nobody disputes", () => {
    it("is open to the last second of the window, and upheld from the next on [I22]", async () => {
      const suite = await loadFixture(disputable);
      const statement = await TestStatement.make(suite, SMALL);
      const endsAt = await statement.disputableUntil();
      await time.increaseTo(endsAt - 1n);
      expect(await statement.verdict()).to.equal(Verdict.Open);
      await time.increaseTo(endsAt);
      expect(await statement.verdict()).to.equal(Verdict.Upheld);
    });
  });

  context("given a game that outlasts the window", () => {
    it("stays open until the game is over [T061 I22]", async () => {
      const suite = await loadFixture(disputable);
      const statement = await TestStatement.make(suite, SMALL, [], { window: 20 });
      const game = await statement.challenge(suite.challenger, statement.trace([{ step: 1, word: 0 }]));
      await game.waitForDeadline();
      await game.respond();
      expect(await time.latest()).to.be.greaterThan((await game.record()).deadline - 21);
      expect(await statement.verdict()).to.equal(Verdict.Open);
      await game.missDeadline();
      await game.timeout();
      expect(await statement.verdict()).to.equal(Verdict.Upheld);
    });
  });

  context("given a puppet that challenges and gives up", () => {
    it("shortens no window and blocks no other game [T061 I22]", async () => {
      const { other, game, statement } = await loadFixture(slandered);
      await game.respond();
      await game.missDeadline();
      await game.timeout();
      expect(await statement.verdict()).to.equal(Verdict.Open);
      const second = await statement.challenge(other, statement.trace([{ step: 0, word: 0 }]));
      await statement.endWindow();
      expect(await statement.verdict()).to.equal(Verdict.Open);
      await second.timeout();
      expect(await statement.verdict()).to.equal(Verdict.False);
    });
  });

  context("given what nobody stated, or what cannot be disputed", () => {
    it("reverts and names the statement: silence upholds nothing", async () => {
      const suite = await loadFixture(disputable);
      const statement = await TestStatement.make(suite, SMALL, [], { window: 0 });
      await expect(statement.verdict())
        .to.be.revertedWithCustomError(suite.disputes, "DisputeNotDisputable")
        .withArgs(statement.id);
      const other = id("another output");
      await expect(suite.disputes.verdictOf(other, 0))
        .to.be.revertedWithCustomError(suite.disputes, "DisputeNotDisputable")
        .withArgs(other);
    });
  });
});
