import { expect } from "chai";
import { id } from "ethers";

import { RIGHT, SALT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { round } from "../support/rounds.ts";

describe("ResultCommitments.sealOf", () => {
  context("given a round", () => {
    it("is the hash that the SDK makes, for this chain and contract", async () => {
      const { commitments, round: open, nodes } = await loadFixture(round);
      expect(await commitments.sealOf(open.roundId, nodes[0], RIGHT, SALT)).to.equal(open.sealOf(nodes[0]));
    });

    it("differs as soon as round, node, output or salt does [T041]", async () => {
      const { commitments, round: open, nodes } = await loadFixture(round);
      const seals = await Promise.all([
        commitments.sealOf(open.roundId, nodes[0], RIGHT, SALT),
        commitments.sealOf(id("another round"), nodes[0], RIGHT, SALT),
        commitments.sealOf(open.roundId, nodes[1], RIGHT, SALT),
        commitments.sealOf(open.roundId, nodes[0], WRONG, SALT),
        commitments.sealOf(open.roundId, nodes[0], RIGHT, id("another salt")),
      ]);
      expect(new Set(seals).size).to.equal(seals.length);
    });
  });
});
