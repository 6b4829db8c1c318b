import { expect } from "chai";
import { ZeroHash } from "ethers";

import { RevealFault } from "../../packages/sdk/src/codecs/commitment.ts";
import { entryOfReveal } from "../support/entries.ts";
import { RIGHT, SALT, WRONG } from "../support/jobs.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { packRound, round, sealedRound, type TestRound } from "../support/rounds.ts";

const shown = (node: string, outputRoot = RIGHT, salt = SALT) => ({ node, outputRoot, salt });
const send = ({ suite, roundId }: TestRound, ...reveals: ReturnType<typeof shown>[]) =>
  suite.commitments.connect(suite.stranger).revealMany(roundId, reveals);

/** Three nodes have sealed, of whom the last has something else than the others. */
async function dividedRound() {
  const given = await round();
  const [first, second, third] = given.nodes;
  await given.round.seal(first);
  await given.round.seal(second);
  await given.round.seal(third, WRONG);
  await given.round.endSealing();
  return given;
}

/** Two nodes have sealed, and others still may. */
async function sealingRound() {
  const given = await round();
  await given.round.seal(given.nodes[0]);
  await given.round.seal(given.nodes[1]);
  return given;
}

describe("ResultCommitments.revealMany", () => {
  const given = () => loadFixture(sealedRound);

  context("given two seals, when the step is over", () => {
    it("makes what each has sealed its statement, as two reveals would", async () => {
      const { commitments, round, nodes } = await given();
      await expect(send(round, shown(nodes[0]), shown(nodes[1])))
        .to.emit(commitments, "ResultRevealed")
        .withArgs(round.roundId, nodes[0], RIGHT)
        .and.to.emit(commitments, "ResultRevealed")
        .withArgs(round.roundId, nodes[1], RIGHT);
      expect(await commitments.entryOf(round.roundId, nodes[0])).to.equal(entryOfReveal(RIGHT));
      expect(await commitments.entryOf(round.roundId, nodes[1])).to.equal(entryOfReveal(RIGHT));
      const lastRevealBlock = await ethers.provider.getBlockNumber();
      const counted = packRound({ ...round.terms, sealedCount: 2, revealedCount: 2, leaderCount: 2, lastRevealBlock });
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([counted, RIGHT]);
    });

    for (const [fault, what, falsify] of [
      ["NothingSealed", "a node that has not sealed", (nodes: string[]) => shown(nodes[2] ?? "")],
      ["ZeroReveal", "an output of zero", (nodes: string[]) => shown(nodes[0] ?? "", ZeroHash)],
      ["ZeroReveal", "a salt of zero", (nodes: string[]) => shown(nodes[0] ?? "", RIGHT, ZeroHash)],
      ["Mismatch", "another output than the sealed one", (nodes: string[]) => shown(nodes[0] ?? "", WRONG)],
    ] as const) {
      it(`skips ${what}, says why, and takes the others [T172]`, async () => {
        const { commitments, round, nodes } = await given();
        const bad = falsify(nodes);
        await expect(send(round, bad, shown(nodes[1])))
          .to.emit(commitments, "RevealSkipped")
          .withArgs(round.roundId, bad.node, RevealFault[fault])
          .and.to.emit(commitments, "ResultRevealed")
          .withArgs(round.roundId, nodes[1], RIGHT);
        expect(await commitments.hasStated(round.roundId, nodes[1], RIGHT)).to.equal(true);
        expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(false);
      });
    }

    it("counts a node that is shown twice once [I34]", async () => {
      const { commitments, round, nodes } = await given();
      await expect(send(round, shown(nodes[0]), shown(nodes[0])))
        .to.emit(commitments, "RevealSkipped")
        .withArgs(round.roundId, nodes[0], RevealFault.NothingSealed);
      expect(await commitments.countOf(round.roundId, RIGHT)).to.equal(1);
    });

    it("changes nothing where all are skipped", async () => {
      const { commitments, round, nodes } = await given();
      const before = await commitments.roundOf(round.roundId);
      await send(round, shown(nodes[0], WRONG));
      await send(round);
      expect(await commitments.roundOf(round.roundId)).to.deep.equal(before);
    });
  });

  context("given outputs that differ", () => {
    it("lets the one lead that most have revealed, in whatever order they come", async () => {
      for (const order of [
        [0, 1, 2],
        [2, 0, 1],
        [2, 1, 0],
      ] as const) {
        const { commitments, round, nodes } = await loadFixture(dividedRound);
        await send(round, ...order.map((i) => shown(nodes[i], i === 2 ? WRONG : RIGHT)));
        expect((await commitments.roundOf(round.roundId)).leader).to.equal(RIGHT);
        expect(await commitments.countOf(round.roundId, RIGHT)).to.equal(2);
        expect(await commitments.countOf(round.roundId, WRONG)).to.equal(1);
      }
    });
  });

  context("when nobody can reveal", () => {
    it("reverts a second before sealing ends, and takes reveals in that second [T059]", async () => {
      const { commitments, round, nodes } = await loadFixture(sealingRound);
      await time.setNextBlockTimestamp(round.terms.sealEndsAt - 1);
      await expect(send(round, shown(nodes[0])))
        .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooEarly")
        .withArgs(round.roundId, round.terms.sealEndsAt);
      await time.setNextBlockTimestamp(round.terms.sealEndsAt);
      await expect(send(round, shown(nodes[0])))
        .to.emit(commitments, "ResultRevealed")
        .withArgs(round.roundId, nodes[0], RIGHT);
    });

    it("takes reveals in the last second, and reverts in the next", async () => {
      const { commitments, round, nodes } = await given();
      const endsAt = round.terms.sealEndsAt + round.terms.revealPeriod;
      await time.setNextBlockTimestamp(endsAt - 1);
      await expect(send(round, shown(nodes[0])))
        .to.emit(commitments, "ResultRevealed")
        .withArgs(round.roundId, nodes[0], RIGHT);
      await time.setNextBlockTimestamp(endsAt);
      await expect(send(round, shown(nodes[1])))
        .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooLate")
        .withArgs(round.roundId, endsAt);
    });
  });
});
