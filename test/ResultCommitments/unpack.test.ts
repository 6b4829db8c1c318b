import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { nth } from "../support/actors.ts";
import { entryOfSeal } from "../support/entries.ts";
import { RIGHT, SALT } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
import { expectPacked, type Pack, PACKED, packWord } from "../support/packs.ts";
import { packedRound, packRound, round, sealedRound } from "../support/rounds.ts";

describe("ResultCommitments.unpack", () => {
  const given = () => loadFixture(packedRound);

  context("given the round and all of its seals, as events have them", () => {
    it("gives each seal its entry, whoever sends it", async () => {
      const { commitments, round, pack, thief } = await given();
      await expect(round.unpack(pack, thief)).to.emit(commitments, "RoundUnpacked").withArgs(round.roundId);
      const word = packRound({ ...round.terms, sealedCount: 3 });
      expect(await commitments.roundOf(round.roundId)).to.deep.equal([word, ZeroHash]);
      for (const { node, commitment } of pack.seals) {
        expect(await commitments.entryOf(round.roundId, node)).to.equal(entryOfSeal(commitment));
      }
    });

    it("leaves what the same seals leave that come one by one", async () => {
      const states = [];
      for (const isPacked of [true, false]) {
        const { commitments, round: made, nodes } = await loadFixture(round);
        const seated = nodes.slice(0, 3);
        if (isPacked) await made.unpack(await made.pack(seated));
        else for (const node of seated) await made.seal(node);
        const entries = await Promise.all(nodes.map((node) => commitments.entryOf(made.roundId, node)));
        states.push([...(await commitments.roundOf(made.roundId)), ...entries]);
      }
      expect(states[0]).to.deep.equal(states[1]);
    });

    it("lets others seal, and all reveal", async () => {
      const { commitments, round, pack, nodes } = await given();
      await round.unpack(pack);
      await round.seal(nodes[3]);
      await round.endSealing();
      for (const node of nodes) await round.reveal(node);
      expect(await commitments.countOf(round.roundId, RIGHT)).to.equal(4);
    });
  });

  context("given anything else than what was packed", () => {
    const others: Readonly<Record<string, (pack: Pack) => Partial<Pack>>> = {
      "seals in another order": ({ seals }) => ({ seals: seals.toReversed() }),
      "a seal too few at the end": ({ seals }) => ({ seals: seals.slice(0, -1) }),
      "a seal too few at the beginning": ({ seals }) => ({ seals: seals.slice(1) }),
      "a seal twice": ({ seals }) => ({ seals: [...seals, nth(seals, 2)] }),
      "another commitment": ({ seals }) => ({ seals: seals.with(0, { ...nth(seals, 0), commitment: id("other") }) }),
      "a commitment that differs in the byte which entries leave out": ({ seals }) => ({
        seals: seals.with(0, { ...nth(seals, 0), commitment: `${nth(seals, 0).commitment.slice(0, -2)}00` }),
      }),
      "another node": ({ seals }) => ({
        seals: seals.with(2, { ...nth(seals, 2), node: `0x${"99".repeat(20)}` }),
      }),
      "the round without its mark": ({ round }) => ({ round: round & ~PACKED }),
      "the round with another clock": ({ round }) => ({ round: round + 1n }),
      "the round with another count": ({ round, seals }) => ({ round: round - (1n << 144n), seals: seals.slice(0, 2) }),
      "no round": () => ({ round: 0n }),
      nothing: () => ({ round: 0n, seals: [] }),
    };
    for (const [what, change] of Object.entries(others)) {
      it(`reverts for ${what}, and names what it hashes to and what is kept [T176]`, async () => {
        const { commitments, round, pack } = await given();
        const other = { ...pack, ...change(pack) };
        await expect(round.unpack(other))
          .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
          .withArgs(round.roundId, packWord(other), packWord(pack));
        await expectPacked(commitments, pack);
      });
    }

    it("reverts in another round [T176]", async () => {
      const { commitments, round, pack } = await given();
      const roundId = id("other round");
      await expect(round.unpack({ ...pack, roundId }))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(roundId, packWord({ ...pack, roundId }), 0);
    });
  });

  context("given a round that is not packed", () => {
    it("reverts the second time, and leaves reveals as they are", async () => {
      const { commitments, round, pack, nodes } = await given();
      await round.unpack(pack);
      await round.endSealing();
      await round.reveal(nodes[0]);
      const [word] = await commitments.roundOf(round.roundId);
      await expect(round.unpack(pack))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(round.roundId, packWord(pack), word);
      expect(await commitments.hasStated(round.roundId, nodes[0], RIGHT)).to.equal(true);
    });

    it("reverts for one whose seals came one by one", async () => {
      const { commitments, round, nodes } = await loadFixture(sealedRound);
      const seals = nodes.slice(0, 2).map((node) => ({ node, commitment: round.sealOf(node) }));
      const pack = { roundId: round.roundId, round: round.packedRound(2), seals };
      const [word] = await commitments.roundOf(round.roundId);
      await expect(round.unpack(pack))
        .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
        .withArgs(round.roundId, packWord(pack), word);
    });
  });

  it("can be done at any time, and changes no clock", async () => {
    const { commitments, round, pack, nodes } = await given();
    await round.endSealing();
    await round.unpack(pack);
    await expect(round.seal(nodes[3]))
      .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
      .withArgs(round.roundId, round.terms.sealEndsAt);
    await expect(round.reveal(nodes[0], RIGHT, SALT)).to.emit(commitments, "ResultRevealed");
  });
});
