import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { DisputeState } from "../../packages/sdk/src/codecs/dispute.ts";
import { CLOCKS, challengedInGroups, groupEntered } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";

describe("DisputeGame.lay", () => {
  const given = () => loadFixture(groupEntered);

  context("given a group that the node has entered", () => {
    context("when the challenger lays it down", () => {
      it("gives the node the clock of a reveal to name a step [T064 I23]", async () => {
        const { disputes, game } = await given();
        const transaction = game.lay();
        await transaction;
        const deadline = (await time.latest()) + CLOCKS.reveal;
        await expect(transaction).to.emit(disputes, "Laid").withArgs(game.id, game.trace.group(1), deadline);
        expect(await game.record()).to.deep.equal({ state: DisputeState.Laid, deadline, chunk: 1, payee: undefined });
      });
    });

    context("when anybody else does", () => {
      it("reverts and names the challenger", async () => {
        const { disputes, challenger, other, game } = await given();
        await expect(game.lay(1, game.trace, other))
          .to.be.revertedWithCustomError(disputes, "DisputeNotChallenger")
          .withArgs(game.id, other, challenger);
      });
    });

    context("when it is another group, or that of another trace", () => {
      it("reverts and names both roots [T069]", async () => {
        const { disputes, challenger, game, statement } = await given();
        const { traceRoot } = game.struct;
        const { trace } = game;
        const [r, path] = [trace.group(1), trace.groupPath(1)];
        const changed = r.with(5, id("another root"));
        for (const [words, siblings] of [
          [trace.group(0), trace.groupPath(0)],
          [trace.group(2), trace.groupPath(2)],
          [statement.stated.group(1), statement.stated.groupPath(1)],
          [changed, path],
          [r, path.with(0, id("another node"))],
          [r, path.slice(1)],
          [r, [...path, ZeroHash]],
        ] as const) {
          await expect(disputes.connect(challenger).lay(game.struct, [...words], [...siblings]))
            .to.be.revertedWithCustomError(disputes, "DisputeWrongRoot")
            .withArgs(game.id, (root: string) => root !== traceRoot, traceRoot);
        }
        await game.lay();
      });
    });

    context("when it has a word too few or too many", () => {
      it("reverts and names the counts", async () => {
        const { disputes, challenger, game } = await given();
        const r = game.trace.group(1);
        for (const words of [r.slice(1), [...r, ZeroHash], []]) {
          await expect(disputes.connect(challenger).lay(game.struct, words, game.trace.groupPath(1)))
            .to.be.revertedWithCustomError(disputes, "DisputeWrongCount")
            .withArgs(game.id, words.length, 64);
        }
      });
    });

    context("when it comes in the last second, and one later", () => {
      it("counts, and reverts with the deadline [T064 I23]", async () => {
        const { game } = await given();
        await game.waitForDeadline();
        await game.lay();
        expect((await game.record()).state).to.equal(DisputeState.Laid);

        const late = await given();
        const { deadline } = await late.game.record();
        await late.game.missDeadline();
        await expect(late.game.lay())
          .to.be.revertedWithCustomError(late.disputes, "DisputeTooLate")
          .withArgs(late.game.id, deadline);
      });
    });
  });

  context("given the last group, which has fewer steps", () => {
    it("has zero words behind them", async () => {
      const { disputes, game } = await loadFixture(challengedInGroups);
      await game.enter(2);
      expect(game.trace.group(2).slice(22)).to.deep.equal(Array.from({ length: 42 }, () => ZeroHash));
      await expect(game.lay(2)).to.emit(disputes, "Laid");
    });
  });

  context("given groups of which none was entered", () => {
    it("reverts and names the state", async () => {
      const { disputes, game } = await loadFixture(challengedInGroups);
      await expect(game.lay())
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Grouped);
    });
  });

  context("given a group that was laid down", () => {
    it("takes no second one [I23]", async () => {
      const { disputes, game } = await given();
      await game.lay();
      await expect(game.lay())
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Laid);
    });
  });
});
