import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { loadFixture } from "../support/network.ts";
import { packRound, sealedRound } from "../support/rounds.ts";

describe("ResultCommitments.roundOf", () => {
  context("given a round in which nobody has sealed", () => {
    it("is all zero", async () => {
      const { commitments } = await loadFixture(sealedRound);
      expect(await commitments.roundOf(id("no round"))).to.deep.equal([0n, ZeroHash]);
    });
  });

  context("given seals and no reveal", () => {
    it("gives clock and counts, and no leader", async () => {
      const { commitments, round } = await loadFixture(sealedRound);
      const counted = packRound({ ...round.terms, sealedCount: 2 });
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([counted, ZeroHash]);
    });
  });
});
