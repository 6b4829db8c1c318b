import { expect } from "chai";
import { id } from "ethers";

import { DisputeState } from "../../packages/sdk/src/codecs/dispute.ts";
import { challenged, challengedInGroups, CLOCKS, gameIdOf } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";

describe("DisputeGame.enter", () => {
  const given = () => loadFixture(challengedInGroups);

  context("given a trace in groups that waits for the node", () => {
    context("when its signer or owner enters a group", () => {
      it("gives the challenger the clock of a pick [T064 I23]", async () => {
        for (const side of ["signer", "owner"] as const) {
          const { disputes, game, operator } = await given();
          const transaction = game.enter(1, operator[side]);
          await transaction;
          const deadline = (await time.latest()) + CLOCKS.pick;
          await expect(transaction).to.emit(disputes, "Entered").withArgs(game.id, 1, deadline);
          expect(await game.record()).to.deep.equal({
            state: DisputeState.Entered,
            deadline,
            chunk: 1,
            payee: undefined,
          });
        }
      });
    });

    context("when anybody else does", () => {
      it("reverts and names the node: a wrong group would be its end", async () => {
        const { disputes, challenger, operator, game } = await given();
        await expect(game.enter(1, challenger))
          .to.be.revertedWithCustomError(disputes, "DisputeNotOperator")
          .withArgs(operator.node, challenger);
      });
    });

    context("when the challenger has laid down no such group", () => {
      it("reverts and says how many there are: nobody could lay it down [T076]", async () => {
        const { disputes, game } = await given();
        for (const group of [3, 255]) {
          await expect(game.enter(group))
            .to.be.revertedWithCustomError(disputes, "DisputeNoSuchGroup")
            .withArgs(game.id, group, 3);
        }
        await game.enter(2);
      });
    });

    context("when it comes in the last second, and one later", () => {
      it("counts, and reverts with the deadline [T064 I23]", async () => {
        const { game } = await given();
        await game.waitForDeadline();
        await game.enter();
        expect((await game.record()).state).to.equal(DisputeState.Entered);

        const late = await given();
        const { deadline } = await late.game.record();
        await late.game.missDeadline();
        await expect(late.game.enter())
          .to.be.revertedWithCustomError(late.disputes, "DisputeTooLate")
          .withArgs(late.game.id, deadline);
      });
    });

    context("when the game is another one in any field", () => {
      it("reverts and names its id [T068]", async () => {
        const { game, ...suite } = await given();
        const { disputes, operator } = suite;
        const struct = { ...game.struct, traceRoot: id("another trace") };
        await expect(disputes.connect(operator.signer).enter(struct, 1))
          .to.be.revertedWithCustomError(disputes, "DisputeUnknown")
          .withArgs(await gameIdOf(suite, struct));
      });
    });

    context("when the node names a step at once", () => {
      it("reverts and names the state: the challenger has laid no step down", async () => {
        const { disputes, game } = await given();
        await expect(game.respond())
          .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
          .withArgs(game.id, DisputeState.Grouped);
      });
    });
  });

  context("given a group that was entered", () => {
    it("takes no second one [I23]", async () => {
      const { disputes, game } = await given();
      await game.enter();
      await expect(game.enter())
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Entered);
    });
  });

  context("given a trace that was laid down at once", () => {
    it("reverts and names the state: it has no groups", async () => {
      const { disputes, game } = await loadFixture(challenged);
      await expect(game.enter(0))
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Asked);
    });
  });
});
