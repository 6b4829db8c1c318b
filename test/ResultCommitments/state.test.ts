import { expect } from "chai";
import { ZeroHash } from "ethers";

import { RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";
import { round, TestRound } from "../support/rounds.ts";

const WINDOW = 40;

describe("ResultCommitments.state", () => {
  const given = () => loadFixture(round);

  context("given a round in which nothing was stated", () => {
    context("when its consumer states an output for a node", () => {
      it("says so, with all that the round's id is made of, and until when it can be disputed", async () => {
        const { commitments, round, nodes } = await given();
        const transaction = round.state(nodes[0], RIGHT, WINDOW);
        await transaction;
        const endsAt = (await time.latest()) + WINDOW;
        const { consumer, jobId, attempt } = round.key;
        await expect(transaction)
          .to.emit(commitments, "ResultStated")
          .withArgs(round.roundId, consumer, jobId, attempt, nodes[0], RIGHT, endsAt);
        expect(await commitments.disputableUntil(round.roundId, nodes[0], RIGHT)).to.equal(endsAt);
        expect(await commitments.directUntil(round.roundId)).to.equal(endsAt);
      });

      it("makes it the node's statement, and no other node's or output's", async () => {
        const { commitments, round, nodes } = await given();
        await round.state(nodes[0], RIGHT, WINDOW);
        expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(true);
        for (const [node, output] of [
          [nodes[0], WRONG],
          [nodes[1], RIGHT],
        ] as const) {
          expect(await commitments.hasStated(round.roundId, node, output)).to.equal(false);
          expect(await commitments.disputableUntil(round.roundId, node, output)).to.equal(0n);
        }
      });

      it("counts it in no tally", async () => {
        const { commitments, round, nodes } = await given();
        await round.state(nodes[0], RIGHT, WINDOW);
        expect(await commitments.roundOf(round.roundId)).to.deep.equal([0n, ZeroHash]);
        expect(await commitments.countOf(round.roundId, RIGHT)).to.equal(0n);
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

  context("given a round in which something was stated", () => {
    context("when its consumer states in it again", () => {
      it("reverts and names the round [I34]", async () => {
        const { commitments, round, nodes } = await given();
        await round.state(nodes[0], RIGHT, WINDOW);
        for (const [node, output] of [
          [nodes[0], RIGHT],
          [nodes[0], WRONG],
          [nodes[1], RIGHT],
        ] as const) {
          await expect(round.state(node, output, WINDOW))
            .to.be.revertedWithCustomError(commitments, "CommitmentsRoundTaken")
            .withArgs(round.roundId);
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
