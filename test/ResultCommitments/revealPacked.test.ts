import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { OneTransaction__factory } from "../../typechain-types/index.ts";
import { nth } from "../support/actors.ts";
import { RIGHT, SALT, WRONG } from "../support/jobs.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { expectPacked, packIn, type Pack, packWord, saltsOf } from "../support/packs.ts";
import {
  packedRound,
  packRound,
  revealablePack,
  round as unpackedRound,
  sealedRound,
  type TestRound,
} from "../support/rounds.ts";

/** Shows a packed round, with what a test falsifies replaced. */
const show = ({ suite }: TestRound, pack: Pack, { outputRoot = RIGHT, reveals = saltsOf(pack, SALT) } = {}) =>
  suite.commitments.connect(suite.stranger).revealPacked(pack.roundId, pack.round, outputRoot, reveals);

/** What `reveals` of an output hash to. */
const wordOf = (round: TestRound, pack: Pack, nodes: readonly string[], outputRoot = RIGHT) =>
  packWord({ ...pack, seals: nodes.map((node) => ({ node, commitment: round.sealOf(node, outputRoot) })) });

describe("ResultCommitments.revealPacked", () => {
  const given = () => loadFixture(revealablePack);

  context("given the salts of all who have sealed the same output", () => {
    it("shows, for the rest of the transaction, a round in which all have revealed it", async () => {
      const { commitments, round, pack, seated, stranger } = await given();
      const one = await new OneTransaction__factory(stranger).deploy();
      const { interface: abi } = commitments;
      const { roundId } = round;
      const shown = [roundId, pack.round, RIGHT, saltsOf(pack, SALT)] as const;
      const calls = [
        abi.encodeFunctionData("revealPacked", [...shown]),
        abi.encodeFunctionData("roundOf", [roundId]),
        abi.encodeFunctionData("tallyOf", [roundId, seated, RIGHT]),
        abi.encodeFunctionData("tallyOf", [roundId, seated, ZeroHash]),
        abi.encodeFunctionData("tallyOf", [roundId, seated, WRONG]),
      ].map((data) => ({ target: commitments, data }));
      const transaction = await one.run(calls);
      const counts = { sealedCount: 3, revealedCount: 3, leaderCount: 3 };
      const lastRevealBlock = await ethers.provider.getBlockNumber();
      const word = packRound({ ...round.terms, ...counts, lastRevealBlock });
      for (const [i, result] of [
        "0x",
        abi.encodeFunctionResult("roundOf", [word, RIGHT]),
        abi.encodeFunctionResult("tallyOf", [0b111n, 0n, 3n]),
        abi.encodeFunctionResult("tallyOf", [0b111n, 0n, 3n]),
        abi.encodeFunctionResult("tallyOf", [0n, 0n, 0n]),
      ].entries()) {
        await expect(transaction).to.emit(one, "Called").withArgs(i, true, result);
      }
    });

    it("leaves nothing of it, and says nothing [T177]", async () => {
      const { commitments, round, pack, seated } = await given();
      const receipt = await (await show(round, pack)).wait();
      expect(receipt?.logs).to.deep.equal([]);
      await expectPacked(commitments, pack);
      await expect(commitments.tallyOf(round.roundId, seated, RIGHT))
        .to.be.revertedWithCustomError(commitments, "CommitmentsPacked")
        .withArgs(round.roundId);
    });

    it("makes no statement, not even in the same transaction [T177]", async () => {
      const { commitments, round, pack, seated, stranger } = await given();
      const one = await new OneTransaction__factory(stranger).deploy();
      const { interface: abi } = commitments;
      const { roundId } = round;
      const node = nth(seated, 0);
      const calls = [
        abi.encodeFunctionData("revealPacked", [roundId, pack.round, RIGHT, saltsOf(pack, SALT)]),
        abi.encodeFunctionData("hasStated", [roundId, node, RIGHT]),
        abi.encodeFunctionData("outputOf", [roundId, node]),
        abi.encodeFunctionData("disputableUntil", [roundId, node, RIGHT]),
        abi.encodeFunctionData("countOf", [roundId, RIGHT]),
        abi.encodeFunctionData("entryOf", [roundId, node]),
      ].map((data) => ({ target: commitments, data }));
      const transaction = await one.run(calls);
      for (const i of [1, 2, 3]) await expect(transaction).to.emit(one, "Called").withArgs(i, true, ZeroHash);
      const refusal = abi.encodeErrorResult("CommitmentsPacked", [roundId]);
      for (const i of [4, 5]) await expect(transaction).to.emit(one, "Called").withArgs(i, false, refusal);
    });

    it("can be done again, as nothing has changed", async () => {
      const { commitments, round, pack } = await given();
      await show(round, pack);
      await show(round, pack);
      await expectPacked(commitments, pack);
    });
  });

  context("when it is not the time to reveal", () => {
    it("reverts until sealing is over, and names when that is [T042 I21]", async () => {
      const { commitments, round, pack } = await loadFixture(packedRound);
      await time.setNextBlockTimestamp(round.terms.sealEndsAt - 1);
      await expect(show(round, pack))
        .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooEarly")
        .withArgs(round.roundId, round.terms.sealEndsAt);
      await time.setNextBlockTimestamp(round.terms.sealEndsAt);
      await show(round, pack);
    });

    it("reverts once the time to reveal is over, and names when that was [I21]", async () => {
      const { commitments, round, pack } = await given();
      const endsAt = round.terms.sealEndsAt + round.terms.revealPeriod;
      await time.setNextBlockTimestamp(endsAt - 1);
      await show(round, pack);
      await time.setNextBlockTimestamp(endsAt);
      await expect(show(round, pack))
        .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooLate")
        .withArgs(round.roundId, endsAt);
    });
  });

  context("given what says nothing", () => {
    it("reverts for an output of zero, and names the first node [T058]", async () => {
      const { commitments, round, pack, seated } = await given();
      await expect(show(round, pack, { outputRoot: ZeroHash }))
        .to.be.revertedWithCustomError(commitments, "CommitmentsZeroReveal")
        .withArgs(round.roundId, seated[0]);
    });

    it("reverts for a salt of zero, and names its node [T043]", async () => {
      const { commitments, round, pack, seated } = await given();
      const reveals = saltsOf(pack, SALT).with(1, { node: nth(seated, 1), salt: ZeroHash });
      await expect(show(round, pack, { reveals }))
        .to.be.revertedWithCustomError(commitments, "CommitmentsZeroReveal")
        .withArgs(round.roundId, seated[1]);
    });
  });

  context("given what was not sealed", () => {
    it("reverts for another output [T041 T176]", async () => {
      const { commitments, round, pack, seated } = await given();
      await expect(show(round, pack, { outputRoot: WRONG }))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(round.roundId, wordOf(round, pack, seated, WRONG), packWord(pack));
    });

    it("reverts for another salt [T041 T176]", async () => {
      const { commitments, round, pack, seated } = await given();
      const salt = id("other salt");
      const sealOf = (node: string) => commitments.sealOf(round.roundId, node, RIGHT, salt);
      const seals = await Promise.all(seated.map(async (node) => ({ node, commitment: await sealOf(node) })));
      await expect(show(round, pack, { reveals: saltsOf(pack, salt) }))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(round.roundId, packWord({ ...pack, seals }), packWord(pack));
    });

    it("reverts where one of them has sealed something else, whichever output is shown", async () => {
      const { commitments, round, nodes } = await loadFixture(unpackedRound);
      const [first, second] = nodes;
      const seals = [await round.sign(first), await round.sign(second, round.sealOf(second, WRONG))];
      const pack = packIn(commitments, await (await round.sealSigned(seals)).wait());
      await round.endSealing();
      for (const outputRoot of [RIGHT, WRONG]) {
        await expect(show(round, pack, { outputRoot }))
          .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
          .withArgs(round.roundId, wordOf(round, pack, [first, second], outputRoot), packWord(pack));
      }
    });

    it("reverts without one of them, in another order, and with one more [T176 I36]", async () => {
      const { commitments, round, pack, nodes, seated } = await given();
      for (const list of [seated.slice(1), seated.slice(0, 2), seated.toReversed(), nodes, []]) {
        await expect(show(round, pack, { reveals: list.map((node) => ({ node, salt: SALT })) }))
          .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
          .withArgs(round.roundId, wordOf(round, pack, list), packWord(pack));
      }
    });

    it("reverts for another round word, such as one with a later clock [T176]", async () => {
      const { commitments, round, pack, seated } = await given();
      const other = { ...pack, round: pack.round + 1n };
      await expect(show(round, other))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(round.roundId, wordOf(round, other, seated), packWord(pack));
    });
  });

  context("given a round that is not packed", () => {
    it("reverts once it was unpacked, and names what is kept", async () => {
      const { commitments, round, pack } = await given();
      await round.unpack(pack);
      const [word] = await commitments.roundOf(round.roundId);
      await expect(show(round, pack))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(round.roundId, packWord(pack), word);
    });

    it("reverts for one whose seals came one by one, and for one in which nobody has sealed", async () => {
      const { commitments, round, nodes } = await loadFixture(sealedRound);
      const seals = nodes.slice(0, 2).map((node) => ({ node, commitment: round.sealOf(node) }));
      const [word] = await commitments.roundOf(round.roundId);
      for (const [roundId, kept] of [
        [round.roundId, word],
        [id("unknown"), 0n],
      ] as const) {
        const pack = { roundId, round: round.packedRound(2), seals: roundId === round.roundId ? seals : [] };
        await expect(show(round, pack))
          .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
          .withArgs(roundId, packWord(pack), kept);
      }
    });
  });
});
