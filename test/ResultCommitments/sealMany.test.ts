import { expect } from "chai";
import { ZeroHash } from "ethers";

import { nth } from "../support/actors.ts";
import { entryOfSeal } from "../support/entries.ts";
import { loadFixture, time } from "../support/network.ts";
import { expectPacked, packIn } from "../support/packs.ts";
import { AUTHOR, packRound, round, type RoundFields, STEP_PERIOD, TestRound } from "../support/rounds.ts";

/** Expects the seals of these nodes to have entries, and the round to be none that is packed. */
async function expectEntries(round: TestRound, nodes: readonly string[], changes: Partial<RoundFields> = {}) {
  const { commitments } = round.suite;
  const word = packRound({ ...round.terms, ...changes, sealedCount: nodes.length });
  expect(await commitments.roundOf(round.roundId)).to.deep.equal([word, ZeroHash]);
  for (const node of nodes) {
    expect(await commitments.entryOf(round.roundId, node)).to.equal(entryOfSeal(round.sealOf(node)));
  }
}

describe("ResultCommitments.sealMany", () => {
  const given = () => loadFixture(round);

  context("given as many seals as open a round that goes on with them alone", () => {
    it("keeps one hash of the round and all of them", async () => {
      const { commitments, round, nodes } = await given();
      const pack = packIn(commitments, await (await round.sealMany(nodes.slice(0, 3))).wait());
      expect(pack.round).to.equal(round.packedRound(3));
      await expectPacked(commitments, pack);
      await expect(commitments.roundOf(round.roundId))
        .to.be.revertedWithCustomError(commitments, "CommitmentsPacked")
        .withArgs(round.roundId);
    });

    it("says what it is a hash of: the round as it is then, and each seal in its order", async () => {
      const { commitments, round, nodes } = await given();
      const { jobId, attempt } = round.key;
      const seated = nodes.slice(0, 3);
      const transaction = await round.sealMany(seated);
      await expect(transaction)
        .to.emit(commitments, "RoundOpened")
        .withArgs(round.roundId, round.consumer, jobId, attempt, round.packedRound(3));
      const receipt = await transaction.wait();
      const logs = (receipt?.logs ?? []).map((log) => commitments.interface.parseLog(log));
      expect(logs.map((log) => log?.name)).to.deep.equal(["RoundOpened", ...seated.map(() => "ResultSealed")]);
      expect(logs.slice(1).map((log) => log?.args.toArray())).to.deep.equal(
        seated.map((node) => [round.roundId, node, round.sealOf(node), BigInt(round.terms.sealEndsAt)]),
      );
    });

    it("gives who has signed each", async () => {
      const { commitments, round, nodes } = await given();
      const { jobId, attempt, versionId, inputRoot } = round.key;
      const seals = await Promise.all(nodes.slice(0, 2).map((node) => round.sign(node)));
      const terms = packRound(round.terms);
      const sealing = commitments.connect(round.consumer).sealMany;
      expect(await sealing.staticCall(jobId, attempt, versionId, inputRoot, seals, terms)).to.deep.equal([
        AUTHOR.address,
        AUTHOR.address,
      ]);
      const other = { ...nth(seals, 0), commitment: round.sealOf(nodes[1]) };
      const [author] = await sealing.staticCall(jobId, attempt, versionId, inputRoot, [other], terms);
      expect(author).not.to.equal(AUTHOR.address);
    });

    it("packs the fewest and the most that the terms allow", async () => {
      for (const count of [2, 4]) {
        const { commitments, round, nodes } = await given();
        const pack = await round.pack(nodes.slice(0, count));
        await expectPacked(commitments, pack);
      }
    });

    it("packs one where one is enough", async () => {
      for (const least of [0, 1]) {
        const { commitments, round, nodes } = await given();
        await round.sealMany(nodes.slice(0, 1), { least });
        await expect(commitments.countOf(round.roundId, ZeroHash))
          .to.be.revertedWithCustomError(commitments, "CommitmentsPacked")
          .withArgs(round.roundId);
      }
    });

    it("begins all counts anew and marks the word itself, whatever the terms say of them", async () => {
      const { commitments, round, nodes } = await given();
      const counts = { sealedCount: 9, revealedCount: 9, leaderCount: 9 };
      const pack = packIn(commitments, await (await round.sealMany(nodes.slice(0, 2), counts)).wait());
      expect(pack.round).to.equal(round.packedRound(2));
    });
  });

  context("given seals that cannot be packed", () => {
    it("gives each an entry where they are fewer than the round needs", async () => {
      const { round, nodes } = await given();
      const changes = { least: 3 };
      await round.sealMany(nodes.slice(0, 2), changes);
      await expectEntries(round, nodes.slice(0, 2), changes);
    });

    it("gives each an entry where what they state can be disputed", async () => {
      const { round, nodes } = await given();
      const changes = { windowPeriod: 1 };
      await round.sealMany(nodes.slice(0, 2), changes);
      await expectEntries(round, nodes.slice(0, 2), changes);
    });

    it("gives each an entry where they are not listed ascending by node", async () => {
      const { round, nodes } = await given();
      await round.sealMany([nodes[1], nodes[0]]);
      await expectEntries(round, [nodes[0], nodes[1]]);
    });

    it("gives each an entry in a later attempt", async () => {
      const { round, nodes } = await given();
      const later = new TestRound(round.suite, { ...round.key, attempt: 1 }, round.terms);
      await later.sealMany(nodes.slice(0, 2));
      await expectEntries(later, nodes.slice(0, 2));
    });

    it("gives each an entry where the round is open", async () => {
      const { commitments, round, nodes } = await given();
      await round.seal(nodes[0]);
      const transaction = round.sealMany(nodes.slice(1, 3));
      for (const node of nodes.slice(1, 3)) {
        await expect(transaction)
          .to.emit(commitments, "ResultSealed")
          .withArgs(round.roundId, node, round.sealOf(node), round.terms.sealEndsAt);
      }
      await expect(transaction).not.to.emit(commitments, "RoundOpened");
      await expectEntries(round, nodes.slice(0, 3));
    });

    it("does nothing where there are none", async () => {
      const { commitments, round } = await given();
      for (const least of [0, 2]) await round.sealMany([], { least });
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([0n, ZeroHash]);
    });
  });

  context("given one among them that is refused", () => {
    it("refuses all where one is nobody's signature, and names it [T171]", async () => {
      const { commitments, round, nodes } = await given();
      const [first, second] = await Promise.all([round.sign(nodes[0]), round.sign(nodes[1])]);
      await expect(round.sealSigned([first, { ...second, r: ZeroHash, vs: ZeroHash }]))
        .to.be.revertedWithCustomError(commitments, "CommitmentsBadSignature")
        .withArgs(round.roundId, nodes[1], ZeroHash, ZeroHash);
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([0n, ZeroHash]);
    });

    it("refuses all where one seals nothing in the bits that are kept, packed or not", async () => {
      const { commitments, round, nodes } = await given();
      for (const commitment of [ZeroHash, `0x${"00".repeat(31)}ff`]) {
        for (const least of [2, 3]) {
          const seals = [await round.sign(nodes[0]), await round.sign(nodes[1], commitment)];
          await expect(round.sealSigned(seals, { ...round.terms, least }))
            .to.be.revertedWithCustomError(commitments, "CommitmentsZeroSeal")
            .withArgs(round.roundId, nodes[1]);
        }
      }
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([0n, ZeroHash]);
    });

    it("refuses all where a node comes twice [I34]", async () => {
      const { commitments, round, nodes } = await given();
      await expect(round.sealMany([nodes[0], nodes[0], nodes[1]]))
        .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
        .withArgs(round.roundId, nodes[0]);
    });

    it("refuses all where there are more than the round takes", async () => {
      const { commitments, round, nodes } = await given();
      for (const most of [0, 3]) {
        await expect(round.sealMany(nodes, { most }))
          .to.be.revertedWithCustomError(commitments, "CommitmentsRoundFull")
          .withArgs(round.roundId, most);
      }
    });
  });

  context("when the step is over", () => {
    it("reverts and names when it ended [T059 I21]", async () => {
      const { commitments, round, nodes } = await given();
      await time.setNextBlockTimestamp(round.terms.sealEndsAt);
      await expect(round.sealMany(nodes.slice(0, 2)))
        .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
        .withArgs(round.roundId, round.terms.sealEndsAt);
    });

    it("packs what opens the round in a later step", async () => {
      const { commitments, round, nodes } = await given();
      await round.endSealing();
      const sealEndsAt = round.terms.sealEndsAt + STEP_PERIOD;
      const pack = packIn(commitments, await (await round.sealMany(nodes.slice(0, 2), { sealEndsAt })).wait());
      await expectPacked(commitments, pack);
    });
  });

  context("given a round that is packed", () => {
    it("takes no seal more, by itself or among others, until it is unpacked", async () => {
      const { commitments, round, nodes } = await given();
      const pack = await round.pack(nodes.slice(0, 2));
      const tries = [() => round.seal(nodes[2]), () => round.sealMany(nodes.slice(2)), () => round.sealMany(nodes)];
      for (const attempt of tries) {
        await expect(attempt()).to.be.revertedWithCustomError(commitments, "CommitmentsPacked").withArgs(round.roundId);
      }
      await round.unpack(pack);
      await round.sealMany(nodes.slice(2));
      await expectEntries(round, nodes);
    });
  });

  context("when somebody else seals under the same job, version and input", () => {
    it("packs in a round of its own, and leaves this one as it is [T054]", async () => {
      const { commitments, round, nodes, thief } = await given();
      const own = new TestRound(round.suite, { ...round.key, consumer: thief.address }, round.terms);
      const { jobId, attempt, versionId, inputRoot } = own.key;
      const seals = await Promise.all(nodes.slice(0, 2).map((node) => own.sign(node)));
      const terms = packRound(own.terms);
      await expect(commitments.connect(thief).sealMany(jobId, attempt, versionId, inputRoot, seals, terms))
        .to.emit(commitments, "RoundOpened")
        .withArgs(own.roundId, thief, jobId, attempt, round.packedRound(2));
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([0n, ZeroHash]);
    });
  });
});
