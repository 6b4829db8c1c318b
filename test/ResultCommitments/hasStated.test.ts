import { expect } from "chai";

import { RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { sealedRound, TestRound } from "../support/rounds.ts";

describe("ResultCommitments.hasStated", () => {
  const given = () => loadFixture(sealedRound);

  context("given a node that has sealed an output", () => {
    it("is false until the node reveals it", async () => {
      const { commitments, round, nodes } = await given();
      expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(false);
      await round.reveal(nodes[0]);
      expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(true);
    });
  });

  context("given a node that has revealed an output", () => {
    it("is false for another output, another node and another round", async () => {
      const { commitments, round, nodes } = await given();
      await round.reveal(nodes[0]);
      const other = new TestRound(round.suite, { ...round.key, attempt: 1 }, round.terms);
      expect(await commitments.hasStated(round.roundId, nodes[0], WRONG)).to.equal(false);
      expect(await commitments.hasStated(round.roundId, nodes[1], RIGHT)).to.equal(false);
      expect(await commitments.hasStated(other.roundId, nodes[0], RIGHT)).to.equal(false);
    });
  });
});
