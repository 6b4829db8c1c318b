import { expect } from "chai";
import { ZeroHash } from "ethers";

import { entryOfReveal, entryOfSeal } from "../support/entries.ts";
import { RIGHT } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { sealedRound } from "../support/rounds.ts";

describe("ResultCommitments.entryOf", () => {
  context("given a node that has done nothing in the round", () => {
    it("is zero", async () => {
      const { commitments, round, nodes } = await loadFixture(sealedRound);
      expect(await commitments.entryOf(round.roundId, nodes[2])).to.equal(ZeroHash);
    });
  });

  context("given a node that has sealed", () => {
    it("holds 248 bits of the seal and the state 1", async () => {
      const { commitments, round, nodes } = await loadFixture(sealedRound);
      expect(await commitments.entryOf(round.roundId, nodes[0])).to.equal(entryOfSeal(round.sealOf(nodes[0])));
    });
  });

  context("given a node that has revealed", () => {
    it("holds 248 bits of the hash of the output root and the state 2", async () => {
      const { commitments, round, nodes } = await loadFixture(sealedRound);
      await round.reveal(nodes[0]);
      expect(await commitments.entryOf(round.roundId, nodes[0])).to.equal(entryOfReveal(RIGHT));
    });
  });
});
