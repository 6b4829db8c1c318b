import { expect } from "chai";
import { id } from "ethers";

import { DisputeState } from "../../packages/sdk/src/codecs/dispute.ts";
import { CLOCKS, largelyChallenged } from "../support/disputes.ts";
import { loadFixture, time } from "../support/network.ts";

/** Parts have 16 words each; the wrong one is word 201. */
const CHUNK = 12;
const WORDS = 16;

/** The challenger has picked the part with the wrong word. */
async function picked() {
  const suite = await largelyChallenged();
  await suite.game.respond();
  await suite.game.pick(CHUNK);
  return suite;
}

describe("DisputeGame.reveal", () => {
  const given = () => loadFixture(picked);

  context("given a part that the challenger has picked", () => {
    context("when the node shows its words", () => {
      it("publishes them and starts the clock of a judgement [T064 I23]", async () => {
        const { disputes, game, statement } = await given();
        const transaction = game.reveal(CHUNK);
        await transaction;
        const deadline = (await time.latest()) + CLOCKS.judge;
        await expect(transaction)
          .to.emit(disputes, "Shown")
          .withArgs(game.id, statement.stated.chunk(1, CHUNK), deadline);
        expect(await game.record()).to.deep.equal({
          state: DisputeState.Shown,
          deadline,
          chunk: CHUNK,
          payee: undefined,
        });
      });
    });

    context("when it shows another part", () => {
      it("reverts and names both roots", async () => {
        const { disputes, game } = await given();
        await expect(game.reveal(CHUNK + 1))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongRoot")
          .withArgs(game.id, (root: string) => root !== game.answer().nodeRoot, game.answer().nodeRoot);
      });
    });

    context("when a word is another one", () => {
      it("reverts and names both roots", async () => {
        const { disputes, operator, game, statement } = await given();
        const words = [...statement.stated.chunk(1, CHUNK).slice(1), id("another word")];
        const path = statement.stated.chunkPath(1, CHUNK);
        await expect(disputes.connect(operator.signer).reveal(game.struct, game.answer(), words, path))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongRoot")
          .withArgs(game.id, (root: string) => root !== game.answer().nodeRoot, game.answer().nodeRoot);
      });
    });

    context("when a word is missing", () => {
      it("reverts and names how many there are", async () => {
        const { disputes, operator, game, statement } = await given();
        const words = statement.stated.chunk(1, CHUNK).slice(1);
        const path = statement.stated.chunkPath(1, CHUNK);
        await expect(disputes.connect(operator.signer).reveal(game.struct, game.answer(), words, path))
          .to.be.revertedWithCustomError(disputes, "DisputeWrongCount")
          .withArgs(game.id, WORDS - 1, WORDS);
      });
    });

    context("when the path is a hash too short, or too long", () => {
      it("reverts and names what was used [T076]", async () => {
        const { disputes, operator, game, statement } = await given();
        const words = statement.stated.chunk(1, CHUNK);
        const path = statement.stated.chunkPath(1, CHUNK);
        for (const [wrong, used] of [
          [path.slice(1), path.length],
          [[...path, id("more")], path.length],
        ] as const) {
          await expect(disputes.connect(operator.signer).reveal(game.struct, game.answer(), words, [...wrong]))
            .to.be.revertedWithCustomError(disputes, "MerkleWrongProof")
            .withArgs(wrong.length, used);
        }
      });
    });

    context("when it sends another answer than it gave", () => {
      it("reverts and names the game [T069]", async () => {
        const { disputes, operator, game, statement } = await given();
        const words = statement.stated.chunk(1, CHUNK);
        const path = statement.stated.chunkPath(1, CHUNK);
        for (const change of [{ stepHash: id("step") }, { nodeRoot: id("root") }, { depth: 10 }]) {
          const answer = { ...game.answer(), ...change };
          await expect(disputes.connect(operator.signer).reveal(game.struct, answer, words, path))
            .to.be.revertedWithCustomError(disputes, "DisputeWrongAnswer")
            .withArgs(game.id);
        }
      });
    });

    context("when anybody else shows them", () => {
      it("reverts and names the node", async () => {
        const { disputes, challenger, operator, game } = await given();
        await expect(game.reveal(CHUNK, undefined, undefined, challenger))
          .to.be.revertedWithCustomError(disputes, "DisputeNotOperator")
          .withArgs(operator.node, challenger);
      });
    });

    context("when it comes in the last second, and one later", () => {
      it("counts, and reverts with the deadline [T064 I23]", async () => {
        const { game } = await given();
        await game.waitForDeadline();
        await game.reveal(CHUNK);
        expect((await game.record()).state).to.equal(DisputeState.Shown);

        const late = await given();
        const { deadline } = await late.game.record();
        await late.game.missDeadline();
        await expect(late.game.reveal(CHUNK))
          .to.be.revertedWithCustomError(late.disputes, "DisputeTooLate")
          .withArgs(late.game.id, deadline);
      });
    });
  });

  context("given an answer from which nothing was picked", () => {
    it("reverts and names the state", async () => {
      const { disputes, game } = await loadFixture(largelyChallenged);
      await game.respond();
      await expect(game.reveal(CHUNK))
        .to.be.revertedWithCustomError(disputes, "DisputeWrongState")
        .withArgs(game.id, DisputeState.Answered);
    });
  });
});
