import { expect } from "chai";

import { disputableUntil, unpackRound } from "../../packages/sdk/src/codecs/round.ts";
import { RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";
import { round } from "../support/rounds.ts";

const WINDOW = 500;

describe("ResultCommitments.disputableUntil", () => {
  const given = () => loadFixture(round);

  context("given a round whose terms allow disputes", () => {
    it("is the window after the reveals for what was revealed, and zero for all else", async () => {
      const { commitments, round, nodes } = await given();
      for (const node of nodes.slice(0, 2)) await round.seal(node, RIGHT, { windowPeriod: WINDOW });
      await round.endSealing();
      expect(await commitments.disputableUntil(round.roundId, nodes[0], RIGHT)).to.equal(0n);
      await round.reveal(nodes[0]);
      const { sealEndsAt, revealPeriod } = round.terms;
      const expected = sealEndsAt + revealPeriod + WINDOW;
      expect(await commitments.disputableUntil(round.roundId, nodes[0], RIGHT)).to.equal(expected);
      const word = unpackRound((await commitments.roundOf(round.roundId)).round);
      expect(disputableUntil(word, await time.latest())).to.equal(expected);
      expect(await commitments.disputableUntil(round.roundId, nodes[0], WRONG)).to.equal(0n);
      expect(await commitments.disputableUntil(round.roundId, nodes[1], RIGHT)).to.equal(0n);
    });

    it("stays the same whoever reveals later, and when", async () => {
      const { commitments, round, nodes } = await given();
      for (const node of nodes.slice(0, 2)) await round.seal(node, RIGHT, { windowPeriod: WINDOW });
      await round.endSealing();
      await round.reveal(nodes[0]);
      const first = await commitments.disputableUntil(round.roundId, nodes[0], RIGHT);
      await time.increase(100);
      await round.reveal(nodes[1]);
      expect(await commitments.disputableUntil(round.roundId, nodes[0], RIGHT)).to.equal(first);
      expect(await commitments.disputableUntil(round.roundId, nodes[1], RIGHT)).to.equal(first);
    });
  });

  context("given a round whose terms allow none", () => {
    it("is zero for what was revealed, too", async () => {
      const { commitments, round, nodes } = await given();
      await round.answer([
        [nodes[0], RIGHT],
        [nodes[1], RIGHT],
      ]);
      expect(await commitments.disputableUntil(round.roundId, nodes[0], RIGHT)).to.equal(0n);
    });
  });
});
