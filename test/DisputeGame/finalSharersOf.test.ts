import { expect } from "chai";

import { challenged, CLOCKS, type TestStatement } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";

describe("DisputeGame.finalSharersOf", () => {
  const given = () => loadFixture(challenged);
  const sharersOf = ({ suite, id }: TestStatement) => suite.disputes.finalSharersOf(id);

  context("given a statement that was found false", () => {
    it("reverts while others can enter, and names who shares from then on [T063]", async () => {
      const { disputes, challenger, game, statement } = await given();
      await game.respond();
      await game.judge(2);
      const finalAt = (await time.latest()) + CLOCKS.floor;
      await time.increaseTo(finalAt - 1);
      await expect(sharersOf(statement))
        .to.be.revertedWithCustomError(disputes, "DisputeSharersNotFinal")
        .withArgs(statement.id, finalAt);
      await time.increaseTo(finalAt);
      expect(await sharersOf(statement)).to.deep.equal([challenger.address]);
    });
  });

  context("given a statement that is not false", () => {
    it("names nobody", async () => {
      const { statement } = await given();
      expect(await sharersOf(statement)).to.deep.equal([]);
    });
  });
});
