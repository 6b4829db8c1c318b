import { expect } from "chai";

import { RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { round } from "../support/rounds.ts";

const WINDOW = 40;

describe("ResultCommitments.disputableUntil", () => {
  const given = () => loadFixture(round);

  context("given a node that revealed in a round with a window", () => {
    it("is the end of the window after the reveals, and zero for what it did not state", async () => {
      const { commitments, round, nodes } = await given();
      const [first, second] = nodes;
      for (const node of [first, second]) await round.seal(node, RIGHT, { windowPeriod: WINDOW });
      await round.endSealing();
      expect(await commitments.disputableUntil(round.roundId, first, RIGHT)).to.equal(0n);
      await round.reveal(first);
      const { sealEndsAt, revealPeriod } = round.terms;
      const endsAt = sealEndsAt + revealPeriod + WINDOW;
      expect(await commitments.disputableUntil(round.roundId, first, RIGHT)).to.equal(endsAt);
      expect(await commitments.disputableUntil(round.roundId, first, WRONG)).to.equal(0n);
      expect(await commitments.disputableUntil(round.roundId, second, RIGHT)).to.equal(0n);
    });
  });

  context("given a node that revealed in a round without a window", () => {
    it("is zero", async () => {
      const { commitments, round, nodes } = await given();
      await round.answer([
        [nodes[0], RIGHT],
        [nodes[1], RIGHT],
      ]);
      expect(await commitments.disputableUntil(round.roundId, nodes[0], RIGHT)).to.equal(0n);
    });
  });
});
