import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { entryOfReveal, entryOfSeal } from "../support/entries.ts";
import { RIGHT, SALT, WRONG } from "../support/jobs.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { packRound, round, sealedRound, TestRound } from "../support/rounds.ts";

describe("ResultCommitments.reveal", () => {
  const given = () => loadFixture(sealedRound);

  context("given two seals, when the step is over", () => {
    context("when a stranger shows what a node has sealed", () => {
      it("makes it the node's statement, and leads if it is the first", async () => {
        const { commitments, round, nodes } = await given();

        await expect(round.reveal(nodes[0]))
          .to.emit(commitments, "ResultRevealed")
          .withArgs(round.roundId, nodes[0], RIGHT);
        expect(await commitments.entryOf(round.roundId, nodes[0])).to.equal(entryOfReveal(RIGHT));
        const lastRevealBlock = await ethers.provider.getBlockNumber();
        const counted = packRound({
          ...round.terms,
          sealedCount: 2,
          revealedCount: 1,
          leaderCount: 1,
          lastRevealBlock,
        });
        expect(await commitments.roundOf(round.roundId)).to.deep.equal([counted, RIGHT]);
      });
    });

    context("when the same output is revealed again", () => {
      it("counts it for the leader", async () => {
        const { commitments, round, nodes } = await given();
        await round.reveal(nodes[0]);
        await round.reveal(nodes[1]);
        const lastRevealBlock = await ethers.provider.getBlockNumber();
        const counted = packRound({
          ...round.terms,
          sealedCount: 2,
          revealedCount: 2,
          leaderCount: 2,
          lastRevealBlock,
        });
        expect(await commitments.roundOf(round.roundId)).to.deep.equal([counted, RIGHT]);
      });
    });

    context("when a node reveals a second time", () => {
      it("reverts: nothing of it is sealed any more [I34]", async () => {
        const { commitments, round, nodes } = await given();
        await round.reveal(nodes[0]);
        await expect(round.reveal(nodes[0]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsNothingSealed")
          .withArgs(round.roundId, nodes[0]);
      });
    });

    context("when the node has not sealed", () => {
      it("reverts and names round and node", async () => {
        const { commitments, round, nodes } = await given();
        await expect(round.reveal(nodes[2]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsNothingSealed")
          .withArgs(round.roundId, nodes[2]);
      });
    });

    context("when output or salt is zero", () => {
      it("reverts and names round and node [T043 T058]", async () => {
        const { commitments, round, nodes } = await given();
        for (const [outputRoot, salt] of [
          [ZeroHash, SALT],
          [RIGHT, ZeroHash],
        ] as const) {
          await expect(round.reveal(nodes[0], outputRoot, salt))
            .to.be.revertedWithCustomError(commitments, "CommitmentsZeroReveal")
            .withArgs(round.roundId, nodes[0]);
        }
      });
    });

    context("when output or salt is not what the node has sealed", () => {
      it("reverts and names both seals", async () => {
        const { commitments, round, nodes } = await given();
        const sealed = entryOfSeal(round.sealOf(nodes[0]));
        for (const [outputRoot, salt] of [
          [WRONG, SALT],
          [RIGHT, id("another salt")],
        ] as const) {
          const shown = entryOfSeal(await commitments.sealOf(round.roundId, nodes[0], outputRoot, salt));
          await expect(round.reveal(nodes[0], outputRoot, salt))
            .to.be.revertedWithCustomError(commitments, "CommitmentsMismatch")
            .withArgs(round.roundId, nodes[0], shown, sealed);
        }
      });
    });
  });

  context("given the phases of a round", () => {
    context("when the step is not over", () => {
      it("reverts and names when it will be [T042 I21]", async () => {
        const { commitments, round: open, nodes } = await loadFixture(round);
        for (const node of nodes.slice(0, 2)) await open.seal(node);
        await time.setNextBlockTimestamp(open.terms.sealEndsAt - 1);
        await expect(open.reveal(nodes[0]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooEarly")
          .withArgs(open.roundId, open.terms.sealEndsAt);
      });
    });

    context("when the step is over with too few seals", () => {
      it("reverts and names the end of the last step, until when others may seal [T042 I21]", async () => {
        const { commitments, round: open, nodes } = await loadFixture(round);
        await open.seal(nodes[0]);
        await time.setNextBlockTimestamp(open.terms.lastSealEndsAt - 1);
        await expect(open.reveal(nodes[0]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooEarly")
          .withArgs(open.roundId, open.terms.lastSealEndsAt);
      });

      it("takes the reveal from that end on", async () => {
        const { commitments, round: open, nodes } = await loadFixture(round);
        await open.seal(nodes[0]);
        await time.increaseTo(open.terms.lastSealEndsAt);
        await open.reveal(nodes[0]);
        expect(await commitments.hasStated(open.roundId, nodes[0], RIGHT)).to.equal(true);
      });
    });

    context("when it is the last second to reveal", () => {
      it("takes the reveal", async () => {
        const { commitments, round, nodes } = await given();
        await time.setNextBlockTimestamp(round.terms.sealEndsAt + round.terms.revealPeriod - 1);
        await round.reveal(nodes[0]);
        expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(true);
      });
    });

    context("when the time to reveal is over", () => {
      it("reverts and names when it ended [I21]", async () => {
        const { commitments, round, nodes } = await given();
        const endedAt = round.terms.sealEndsAt + round.terms.revealPeriod;
        await time.setNextBlockTimestamp(endedAt);
        await expect(round.reveal(nodes[0]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooLate")
          .withArgs(round.roundId, endedAt);
      });
    });
  });

  context("given a node that has sealed a copy of another one's seal", () => {
    context("when the original is revealed, and the copier shows the same", () => {
      it("reverts, because the preimage names the other node [T041 I34]", async () => {
        const { commitments, round: open, nodes } = await loadFixture(round);
        const original = open.sealOf(nodes[0]);
        await open.sealCommitment(nodes[0], original);
        await open.sealCommitment(nodes[1], original);
        await open.endSealing();
        await open.reveal(nodes[0]);

        const shown = entryOfSeal(open.sealOf(nodes[1]));
        await expect(open.reveal(nodes[1]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsMismatch")
          .withArgs(open.roundId, nodes[1], shown, entryOfSeal(original));
      });
    });

    context("when it was sealed in another attempt of the same job", () => {
      it("reverts, because the preimage names the round", async () => {
        const { commitments, round: first, nodes } = await loadFixture(round);
        const second = new TestRound(first.suite, { ...first.key, attempt: 1 }, first.terms);
        const foreign = first.sealOf(nodes[0]);
        await second.sealCommitment(nodes[0], foreign);
        await time.increaseTo(second.terms.lastSealEndsAt);

        await expect(second.reveal(nodes[0]))
          .to.be.revertedWithCustomError(commitments, "CommitmentsMismatch")
          .withArgs(second.roundId, nodes[0], entryOfSeal(second.sealOf(nodes[0])), entryOfSeal(foreign));
      });
    });
  });

  context("given four nodes that answer differently", () => {
    context("when a second output draws level with the first", () => {
      it("leaves the first in the lead", async () => {
        const { commitments, round: open, nodes } = await loadFixture(round);
        const [a, b, c, d] = nodes;
        await open.answer([
          [a, RIGHT],
          [b, WRONG],
          [c, RIGHT],
          [d, WRONG],
        ]);
        const [, leader] = await commitments.roundOf(open.roundId);
        expect(leader).to.equal(RIGHT);
      });
    });

    context("when it overtakes the first", () => {
      it("leads, and both counts are kept", async () => {
        const { commitments, round: open, nodes } = await loadFixture(round);
        const [a, b, c, d] = nodes;
        await open.answer([
          [a, RIGHT],
          [b, WRONG],
          [c, WRONG],
          [d, WRONG],
        ]);
        const lastRevealBlock = await ethers.provider.getBlockNumber();
        const counts = { sealedCount: 4, revealedCount: 4, leaderCount: 3, lastRevealBlock };
        expect(await commitments.roundOf(open.roundId)).to.deep.equal([packRound({ ...open.terms, ...counts }), WRONG]);
        expect(await commitments.countOf(open.roundId, RIGHT)).to.equal(1);
        expect(await commitments.countOf(open.roundId, WRONG)).to.equal(3);
      });
    });
  });
});
