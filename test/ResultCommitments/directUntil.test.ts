import { expect } from "chai";

import { RIGHT } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";
import { round } from "../support/rounds.ts";

describe("ResultCommitments.directUntil", () => {
  context("given a round with and one without a statement that needed no seal", () => {
    it("is when that can be disputed no more, and zero for the other, sealed or not", async () => {
      const { commitments, round: sealed, nodes } = await loadFixture(round);
      await sealed.seal(nodes[0]);
      expect(await commitments.directUntil(sealed.roundId)).to.equal(0n);
      await sealed.state(nodes[1], RIGHT, 40);
      expect(await commitments.directUntil(sealed.roundId)).to.equal((await time.latest()) + 40);
    });
  });
});
