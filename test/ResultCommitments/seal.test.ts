import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { entryOfSeal } from "../support/entries.ts";
import { packRound, round, STEP_PERIOD, TestRound } from "../support/rounds.ts";
import { loadFixture, time } from "../support/network.ts";

describe("ResultCommitments.seal", () => {
  const given = () => loadFixture(round);

  context("given a round in which nobody has sealed", () => {
    context("when its consumer seals for a node", () => {
      it("opens the round with the terms of the seal", async () => {
        const { commitments, round, nodes } = await given();
        const opened = packRound({ ...round.terms, sealedCount: 1 });
        const { jobId, attempt } = round.key;

        await expect(round.seal(nodes[0]))
          .to.emit(commitments, "RoundOpened")
          .withArgs(round.roundId, round.consumer, jobId, attempt, opened);
        expect(await commitments.roundOf(round.roundId)).to.deep.equal([opened, ZeroHash]);
      });

      it("keeps the seal and names the end of the running step", async () => {
        const { commitments, round, nodes } = await given();
        const seal = round.sealOf(nodes[0]);

        await expect(round.seal(nodes[0]))
          .to.emit(commitments, "ResultSealed")
          .withArgs(round.roundId, nodes[0], seal, round.terms.sealEndsAt);
        expect(await commitments.entryOf(round.roundId, nodes[0])).to.equal(entryOfSeal(seal));
      });

      it("begins all counts anew, whatever the terms say of them", async () => {
        const { commitments, round, nodes } = await given();
        await round.seal(nodes[0], undefined, { sealedCount: 9, revealedCount: 9, leaderCount: 9 });
        const [word] = await commitments.roundOf(round.roundId);
        expect(word).to.equal(packRound({ ...round.terms, sealedCount: 1 }));
      });

      it("keeps a block for the consumer until somebody reveals", async () => {
        const { commitments, round, nodes } = await given();
        await round.seal(nodes[0], undefined, { lastRevealBlock: 9 });
        const [word] = await commitments.roundOf(round.roundId);
        expect(word).to.equal(packRound({ ...round.terms, sealedCount: 1, lastRevealBlock: 9 }));
      });
    });

    context("when the commitment is zero in the bits that are kept", () => {
      it("reverts and names round and node", async () => {
        const { commitments, round, nodes } = await given();
        for (const commitment of [ZeroHash, `0x${"00".repeat(31)}ff`]) {
          await expect(round.sealCommitment(nodes[0], commitment))
            .to.be.revertedWithCustomError(commitments, "CommitmentsZeroSeal")
            .withArgs(round.roundId, nodes[0]);
        }
      });
    });

    context("when the first step is already over", () => {
      it("reverts and names when it ended", async () => {
        const { commitments, round, nodes } = await given();
        await time.setNextBlockTimestamp(round.terms.sealEndsAt);
        await expect(round.seal(nodes[0]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
          .withArgs(round.roundId, round.terms.sealEndsAt);
      });
    });

    context("when the terms have room for nobody", () => {
      it("reverts as a full round", async () => {
        const { commitments, round, nodes } = await given();
        await expect(round.seal(nodes[0], undefined, { most: 0 }))
          .to.be.revertedWithCustomError(commitments, "CommitmentsRoundFull")
          .withArgs(round.roundId, 0);
      });
    });
  });

  context("given a round in which one node has sealed", () => {
    async function opened() {
      const suite = await given();
      await suite.round.seal(suite.nodes[0]);
      return suite;
    }

    context("when another node seals in the same step", () => {
      it("counts it, does not open the round again, and reports the seal [I34]", async () => {
        const { commitments, round, nodes } = await opened();
        const transaction = round.seal(nodes[1]);

        await expect(transaction)
          .to.emit(commitments, "ResultSealed")
          .withArgs(round.roundId, nodes[1], round.sealOf(nodes[1]), round.terms.sealEndsAt);
        await expect(transaction).not.to.emit(commitments, "RoundOpened");
        const [word] = await commitments.roundOf(round.roundId);
        expect(word).to.equal(packRound({ ...round.terms, sealedCount: 2 }));
      });

      it("holds it to the terms of the first seal, whatever it says itself", async () => {
        const { commitments, round, nodes } = await opened();
        await round.seal(nodes[1], undefined, { lastSealEndsAt: 2 ** 47, revealPeriod: 1, least: 1, most: 99 });
        const [word] = await commitments.roundOf(round.roundId);
        expect(word).to.equal(packRound({ ...round.terms, sealedCount: 2 }));
      });
    });

    context("when the same node seals again", () => {
      it("reverts, whatever it seals [I34]", async () => {
        const { commitments, round, nodes } = await opened();
        for (const commitment of [round.sealOf(nodes[0]), id("another")]) {
          await expect(round.sealCommitment(nodes[0], commitment))
            .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
            .withArgs(round.roundId, nodes[0]);
        }
        expect(await commitments.entryOf(round.roundId, nodes[0])).to.equal(entryOfSeal(round.sealOf(nodes[0])));
      });
    });

    context("when a step passes with too few seals", () => {
      it("extends the round to the end of the step of the next seal", async () => {
        const { commitments, round, nodes } = await opened();
        const sealEndsAt = round.terms.sealEndsAt + STEP_PERIOD;
        await round.endSealing();

        await expect(round.seal(nodes[1], undefined, { sealEndsAt }))
          .to.emit(commitments, "ResultSealed")
          .withArgs(round.roundId, nodes[1], round.sealOf(nodes[1]), sealEndsAt);
        const [word] = await commitments.roundOf(round.roundId);
        expect(word).to.equal(packRound({ ...round.terms, sealEndsAt, sealedCount: 2 }));
      });
    });

    context("when it is the last step", () => {
      it("takes the seal", async () => {
        const { commitments, round, nodes } = await opened();
        const { lastSealEndsAt } = round.terms;
        await time.setNextBlockTimestamp(lastSealEndsAt - 1);
        await round.seal(nodes[1], undefined, { sealEndsAt: lastSealEndsAt });
        const [word] = await commitments.roundOf(round.roundId);
        expect(word).to.equal(packRound({ ...round.terms, sealEndsAt: lastSealEndsAt, sealedCount: 2 }));
      });
    });

    context("when a seal names a step that ends before the running one, or after the last", () => {
      it("reverts and names when sealing ends", async () => {
        const { commitments, round, nodes } = await opened();
        const { sealEndsAt, lastSealEndsAt } = round.terms;
        for (const end of [sealEndsAt - 1, lastSealEndsAt + 1]) {
          await expect(round.seal(nodes[1], undefined, { sealEndsAt: end }))
            .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
            .withArgs(round.roundId, sealEndsAt);
        }
      });
    });

    context("when a seal names a step that has ended with too few seals", () => {
      it("reverts: reveals would begin in the past", async () => {
        const { commitments, round, nodes } = await opened();
        const { sealEndsAt, lastSealEndsAt } = round.terms;
        await time.setNextBlockTimestamp(sealEndsAt);
        await expect(round.seal(nodes[1], undefined, { sealEndsAt }))
          .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
          .withArgs(round.roundId, lastSealEndsAt);
      });
    });

    context("when all steps are over", () => {
      it("reverts and names the end of the last one", async () => {
        const { commitments, round, nodes } = await opened();
        const { lastSealEndsAt } = round.terms;
        await time.setNextBlockTimestamp(lastSealEndsAt);
        await expect(round.seal(nodes[1], undefined, { sealEndsAt: lastSealEndsAt }))
          .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
          .withArgs(round.roundId, lastSealEndsAt);
      });
    });

    context("when somebody else seals under the same job, version and input", () => {
      it("seals in a round of its own, and leaves this one as it is", async () => {
        const { commitments, round, nodes, thief } = await opened();
        const own = new TestRound(round.suite, { ...round.key, consumer: thief.address }, round.terms);

        await expect(round.sealCommitment(nodes[1], round.sealOf(nodes[1]), {}, thief))
          .to.emit(commitments, "RoundOpened")
          .withArgs(own.roundId, thief, round.key.jobId, 0, packRound({ ...round.terms, sealedCount: 1 }));
        expect(await commitments.entryOf(round.roundId, nodes[1])).to.equal(ZeroHash);
      });
    });
  });

  context("given enough seals in a step", () => {
    async function enough() {
      const suite = await given();
      for (const node of suite.nodes.slice(0, 2)) await suite.round.seal(node);
      return suite;
    }

    context("when the step is over", () => {
      it("reverts, although later steps were possible [T042 I21]", async () => {
        const { commitments, round, nodes } = await enough();
        await time.setNextBlockTimestamp(round.terms.sealEndsAt);
        await expect(round.seal(nodes[2], undefined, { sealEndsAt: round.terms.lastSealEndsAt }))
          .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
          .withArgs(round.roundId, round.terms.sealEndsAt);
      });
    });

    context("when the round has as many seals as it may", () => {
      it("reverts and names how many those are", async () => {
        const { commitments, round, nodes, stranger } = await enough();
        await round.seal(nodes[2]);
        await round.seal(nodes[3]);
        await expect(round.seal(stranger.address))
          .to.be.revertedWithCustomError(commitments, "CommitmentsRoundFull")
          .withArgs(round.roundId, 4);
      });
    });
  });
});
