import { expect } from "chai";
import { ZeroHash } from "ethers";

import { nth } from "../support/actors.ts";
import { OTHER, RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { round } from "../support/rounds.ts";

describe("ResultCommitments.outputOf", () => {
  const given = () => loadFixture(round);

  context("given a round whose statements can be disputed", () => {
    it("gives what each node has revealed, and zero of who is silent", async () => {
      const { commitments, round: open, nodes } = await given();
      const outputs = [RIGHT, WRONG, WRONG, OTHER];
      for (const [i, node] of nodes.entries()) await open.seal(node, outputs[i], { windowPeriod: 50 });
      await open.endSealing();
      for (const [i, node] of nodes.slice(0, 3).entries()) await open.reveal(node, outputs[i]);
      const shown = await Promise.all(nodes.map((node) => commitments.outputOf(open.roundId, node)));
      expect(shown).to.deep.equal([RIGHT, WRONG, WRONG, ZeroHash]);
    });

    it("keeps the first output as the leader, and counts no other", async () => {
      const { commitments, round: open, nodes } = await given();
      const outputs = [WRONG, RIGHT, RIGHT, RIGHT];
      for (const [i, node] of nodes.entries()) await open.seal(node, outputs[i], { windowPeriod: 50 });
      await open.endSealing();
      for (const [i, node] of nodes.entries()) await open.reveal(node, outputs[i]);
      const [, leader] = await commitments.roundOf(open.roundId);
      expect(leader).to.equal(WRONG);
      expect(await commitments.countOf(open.roundId, WRONG)).to.equal(1);
      expect(await commitments.countOf(open.roundId, RIGHT)).to.equal(0);
    });
  });

  context("given a round in which numbers decide", () => {
    it("gives the leader's, and zero for the rest: nobody asks", async () => {
      const { commitments, round: open, nodes } = await given();
      const [a, b] = [nth(nodes, 0), nth(nodes, 1)];
      await open.answer([
        [a, RIGHT],
        [b, WRONG],
      ]);
      expect(await commitments.outputOf(open.roundId, a)).to.equal(RIGHT);
      expect(await commitments.outputOf(open.roundId, b)).to.equal(ZeroHash);
    });
  });

  context("given nobody has sealed", () => {
    it("is zero", async () => {
      const { commitments, round: open, nodes } = await given();
      expect(await commitments.outputOf(open.roundId, nth(nodes, 0))).to.equal(ZeroHash);
    });
  });
});
