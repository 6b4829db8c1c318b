import { expect } from "chai";
import { ZeroHash } from "ethers";

import { RIGHT, WRONG } from "../support/jobs.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { packRound, round, TestRound } from "../support/rounds.ts";

const WINDOW = 40;

describe("ResultCommitments.state", () => {
  const given = () => loadFixture(round);

  context("given a round that nobody has begun", () => {
    context("when its consumer states an output for a node", () => {
      it("is a round of one, sealed, revealed and over in this second", async () => {
        const { commitments, round, nodes } = await given();
        const transaction = round.state(nodes[0], RIGHT, WINDOW);
        await transaction;
        const now = await time.latest();
        const word = packRound({
          sealEndsAt: now,
          lastSealEndsAt: now,
          revealPeriod: 0,
          least: 1,
          most: 1,
          sealedCount: 1,
          revealedCount: 1,
          leaderCount: 1,
          lastRevealBlock: await ethers.provider.getBlockNumber(),
          windowPeriod: WINDOW,
        });
        const { consumer, jobId, attempt } = round.key;
        await expect(transaction)
          .to.emit(commitments, "RoundOpened")
          .withArgs(round.roundId, consumer, jobId, attempt, word);
        await expect(transaction).to.emit(commitments, "ResultRevealed").withArgs(round.roundId, nodes[0], RIGHT);
        expect(await commitments.roundOf(round.roundId)).to.deep.equal([word, RIGHT]);
      });

      it("makes it the node's statement, and no other node's or output's", async () => {
        const { commitments, round, nodes } = await given();
        await round.state(nodes[0], RIGHT, WINDOW);
        expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(true);
        expect(await commitments.hasStated(round.roundId, nodes[0], WRONG)).to.equal(false);
        expect(await commitments.hasStated(round.roundId, nodes[1], RIGHT)).to.equal(false);
        expect(await commitments.countOf(round.roundId, RIGHT)).to.equal(1n);
        expect(await commitments.tallyOf(round.roundId, [nodes[0]], RIGHT)).to.deep.equal([1n, 0n, 1n]);
      });

      it("lets nobody seal in the round afterwards", async () => {
        const { commitments, round, nodes } = await given();
        await round.state(nodes[0], RIGHT, WINDOW);
        const endedAt = await time.latest();
        await expect(round.seal(nodes[1]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
          .withArgs(round.roundId, endedAt);
      });
    });

    context("when the output is zero", () => {
      it("reverts and names round and node [T058]", async () => {
        const { commitments, round, nodes } = await given();
        await expect(round.state(nodes[0], ZeroHash, WINDOW))
          .to.be.revertedWithCustomError(commitments, "CommitmentsZeroOutput")
          .withArgs(round.roundId, nodes[0]);
      });
    });
  });

  context("given a round that has begun", () => {
    context("when its consumer states in it", () => {
      it("reverts and names the round, whether it was sealed or stated [I34]", async () => {
        const { commitments, round, nodes } = await given();
        await round.seal(nodes[0]);
        const other = new TestRound(round.suite, { ...round.key, attempt: 1 }, round.terms);
        await other.state(nodes[0], RIGHT, WINDOW);
        for (const begun of [round, other]) {
          await expect(begun.state(nodes[1], RIGHT, WINDOW))
            .to.be.revertedWithCustomError(commitments, "CommitmentsRoundTaken")
            .withArgs(begun.roundId);
        }
      });
    });

    context("when anybody else states with the same words", () => {
      it("states in a round of its own", async () => {
        const { commitments, round, nodes, thief } = await given();
        await round.state(nodes[0], RIGHT, WINDOW, thief);
        const theirs = new TestRound(round.suite, { ...round.key, consumer: thief.address }, round.terms);
        expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(false);
        expect(await commitments.hasStated(theirs.roundId, nodes[0], RIGHT)).to.equal(true);
      });
    });
  });
});
