import { expect } from "chai";

import { DisputeState } from "../../packages/sdk/src/codecs/dispute.ts";
import { challenged, CLOCKS, largelyChallenged } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";

/** An answer of 32 parts that waits for the challenger. */
async function answered() {
  const suite = await largelyChallenged();
  await suite.game.respond();
  return suite;
}

describe("DisputeGame.pick", () => {
  const given = () => loadFixture(answered);

  context("given an answer of 32 parts", () => {
    context("when the challenger picks one", () => {
      it("asks the node for what is below it and starts its clock [T064 I23]", async () => {
        const { disputes, game } = await given();
        const transaction = game.pick(31);
        await transaction;
        const deadline = (await time.latest()) + CLOCKS.reveal;
        await expect(transaction).to.emit(disputes, "Picked").withArgs(game.id, 31, deadline);
        expect(await game.record()).to.deep.equal({
          state: DisputeState.Picked,
          deadline,
          chunk: 31,
          payee: undefined,
        });
      });
    });

    context("when the challenger picks one that was not laid down", () => {
      it("reverts and says how many there are: the node could not show it [I23]", async () => {
        const { disputes, game } = await given();
        await expect(game.pick(32))
          .to.be.revertedWithCustomError(disputes, "DisputeNoSuchPart")
          .withArgs(game.id, 32, 32);
      });
    });

    context("when anybody else picks", () => {
      it("reverts and names the challenger: a wrong pick would be its end", async () => {
        const { disputes, challenger, operator, game } = await given();
        await expect(game.pick(0, operator.signer))
          .to.be.revertedWithCustomError(disputes, "DisputeNotChallenger")
          .withArgs(game.id, operator.signer, challenger);
      });
    });

    context("when it comes in the last second, and one later", () => {
      it("counts, and reverts with the deadline [T064 I23]", async () => {
        const { game } = await given();
        await game.waitForDeadline();
        await game.pick(0);
        expect((await game.record()).state).to.equal(DisputeState.Picked);

        const late = await given();
        const { deadline } = await late.game.record();
        await late.game.missDeadline();
        await expect(late.game.pick(0))
          .to.be.revertedWithCustomError(late.disputes, "DisputeTooLate")
          .withArgs(late.game.id, deadline);
      });
    });

    context("when the challenger picks twice", () => {
      it("reverts and names the state [I23]", async () => {
        const { disputes, game } = await given();
        await game.pick(0);
        await expect(game.pick(1))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
          .withArgs(game.id, DisputeState.Picked);
      });
    });
  });

  context("given an answer of all words, or none", () => {
    it("reverts and names the state", async () => {
      const { disputes, game } = await loadFixture(challenged);
      await expect(game.pick(0))
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Asked);
      await game.respond();
      await expect(game.pick(0))
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Shown);
    });
  });
});
