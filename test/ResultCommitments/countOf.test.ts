import { expect } from "chai";
import { id } from "ethers";

import { RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { round } from "../support/rounds.ts";

const OTHER = id("other output");

describe("ResultCommitments.countOf", () => {
  const given = () => loadFixture(round);

  context("given nobody has revealed", () => {
    it("is zero for every output", async () => {
      const { commitments, round: open } = await given();
      expect(await commitments.countOf(open.roundId, RIGHT)).to.equal(0);
    });
  });

  context("given reveals that pass the lead on", () => {
    it("gives each output its reveals after each of them, and never more than one leader", async () => {
      const { commitments, round: open, nodes } = await given();
      const [a, b, c, d] = nodes;
      await open.answer([
        [a, RIGHT],
        [b, WRONG],
        [c, OTHER],
        [d, OTHER],
      ]);
      const counts = await Promise.all([RIGHT, WRONG, OTHER].map((root) => commitments.countOf(open.roundId, root)));
      expect(counts).to.deep.equal([1n, 1n, 2n]);
    });

    it("goes on counting an output that has lost the lead and wins it back", async () => {
      const { commitments, round: open, nodes } = await given();
      const more = ["05", "06"].map((byte) => `0x${byte.repeat(20)}`);
      const outputs = [RIGHT, WRONG, WRONG, RIGHT, RIGHT, OTHER];
      for (const [i, node] of [...nodes, ...more].entries()) await open.seal(node, outputs[i], { most: 6 });
      await open.endSealing();
      for (const [i, node] of [...nodes, ...more].entries()) await open.reveal(node, outputs[i]);

      const [, leader] = await commitments.roundOf(open.roundId);
      expect(leader).to.equal(RIGHT);
      const counts = await Promise.all([RIGHT, WRONG, OTHER].map((root) => commitments.countOf(open.roundId, root)));
      expect(counts).to.deep.equal([3n, 2n, 1n]);
    });
  });
});
