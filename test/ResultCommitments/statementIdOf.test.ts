import { expect } from "chai";
import { id } from "ethers";

import { statementId } from "../../packages/sdk/src/codecs/commitment.ts";
import { RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { round } from "../support/rounds.ts";

describe("ResultCommitments.statementIdOf", () => {
  context("given a round", () => {
    it("is the hash that the SDK makes, and differs as soon as round, node or output does", async () => {
      const { commitments, round: open, nodes } = await loadFixture(round);
      const statements = [
        [open.roundId, nodes[0], RIGHT],
        [id("another round"), nodes[0], RIGHT],
        [open.roundId, nodes[1], RIGHT],
        [open.roundId, nodes[0], WRONG],
      ] as const;
      const ids = await Promise.all(statements.map((statement) => commitments.statementIdOf(...statement)));
      expect(ids).to.deep.equal(statements.map((statement) => statementId(...statement)));
      expect(new Set(ids).size).to.equal(statements.length);
    });
  });
});
