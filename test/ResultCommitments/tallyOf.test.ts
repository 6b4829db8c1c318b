import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { round } from "../support/rounds.ts";

/** Four nodes ascending by address: right, silent, wrong, right. */
async function answered() {
  const given = await round();
  const { round: open, nodes } = given;
  for (const [i, node] of nodes.entries()) await open.seal(node, i === 2 ? WRONG : RIGHT);
  await open.endSealing();
  await open.reveal(nodes[0]);
  await open.reveal(nodes[2], WRONG);
  await open.reveal(nodes[3]);
  return given;
}

describe("ResultCommitments.tallyOf", () => {
  const given = () => loadFixture(answered);

  context("given nodes that agreed, differed and stayed silent", () => {
    context("when they are compared with one output", () => {
      it("sets the bits of those who stated it and of the silent, by place in the list", async () => {
        const { commitments, round, nodes } = await given();
        expect(await commitments.tallyOf(round.roundId, nodes, RIGHT)).to.deep.equal([0b1001n, 0b0010n, 2n]);
        expect(await commitments.tallyOf(round.roundId, nodes, WRONG)).to.deep.equal([0b0100n, 0b0010n, 1n]);
        expect(await commitments.tallyOf(round.roundId, nodes.slice(2), RIGHT)).to.deep.equal([0b10n, 0n, 1n]);
      });
    });

    context("when they are compared with any output", () => {
      it("sets the bits of all who revealed", async () => {
        const { commitments, round, nodes } = await given();
        expect(await commitments.tallyOf(round.roundId, nodes, ZeroHash)).to.deep.equal([0b1101n, 0b0010n, 3n]);
      });
    });

    context("when nobody is listed", () => {
      it("is empty", async () => {
        const { commitments, round } = await given();
        expect(await commitments.tallyOf(round.roundId, [], RIGHT)).to.deep.equal([0n, 0n, 0n]);
      });
    });

    context("when the list names a node twice, is not ascending, or names one that has not sealed", () => {
      it("reverts and names the first node that does not belong there", async () => {
        const { commitments, round, nodes, stranger } = await given();
        const [a, b] = nodes;
        for (const [list, culprit] of [
          [[a, a], a],
          [[b, a], a],
          [[a, stranger.address], stranger.address],
          [[ZeroAddress, a], ZeroAddress],
        ] as const) {
          await expect(commitments.tallyOf(round.roundId, [...list], RIGHT))
            .to.be.revertedWithCustomError(commitments, "CommitmentsNotSealed")
            .withArgs(round.roundId, culprit);
        }
      });
    });
  });
});
