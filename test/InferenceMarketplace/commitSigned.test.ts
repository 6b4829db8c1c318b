import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { jobId } from "../../packages/sdk/src/codecs/job.ts";
import { unpackRound } from "../../packages/sdk/src/codecs/round.ts";
import { nth } from "../support/actors.ts";
import { drawnFor } from "../support/draws.ts";
import { OWN_STAKE, servedByNine, servedByThree } from "../support/fixtures.ts";
import { PRICE, SEAL_PERIOD, seatsOf, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";
import { expectPacked } from "../support/packs.ts";
import { chainId } from "../support/payments.ts";

/** A job whose sealing is open, and one node that may sit in it. */
async function opened() {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite)).open();
  return { ...suite, suite, job, operator: nth(suite.nodes, 0) };
}

describe("InferenceMarketplace.commitSigned", () => {
  context("given a seal that a drawn node's signer has signed", () => {
    it("seals and books the collateral, whoever sends it", async () => {
      const { job, operator, market, commitments, thief, version } = await opened();
      const { startedAt } = await job.record();
      const given = await job.signSeal(operator);
      await expect(market.connect(thief).commitSigned(job.packed, [given]))
        .to.emit(commitments, "ResultSealed")
        .withArgs(await job.roundId(), operator.node, given.commitment, startedAt + SEAL_PERIOD);
      expect((await market.servingOf(operator.node, version)).used).to.equal(8n * PRICE);
    });

    it("reverts where the node has sealed, and names round and node [T173]", async () => {
      const { job, operator, market, commitments, thief } = await opened();
      const given = await job.signSeal(operator);
      await job.commit(operator);
      await expect(market.connect(thief).commitSigned(job.packed, [given]))
        .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
        .withArgs(await job.roundId(), operator.node);
    });

    it("reverts where nothing is sealed, though it is signed", async () => {
      const { job, operator, market, commitments } = await opened();
      const given = await job.signSeal(operator, { commitment: ZeroHash });
      await expect(market.commitSigned.staticCall(job.packed, [given]))
        .to.be.revertedWithCustomError(commitments, "CommitmentsZeroSeal")
        .withArgs(await job.roundId(), operator.node);
    });
  });

  context("given a seal that somebody else has signed", () => {
    it("reverts and names node, author and signer [T170]", async () => {
      const { job, operator, market, thief } = await opened();
      for (const author of [thief, operator.owner]) {
        const given = await job.signSeal(operator, { signer: author });
        await expect(market.connect(operator.signer).commitSigned(job.packed, [given]))
          .to.be.revertedWithCustomError(market, "MarketNotSigner")
          .withArgs(operator.node, author, operator.signer);
      }
    });

    it("reverts for a signer that was revoked, and names none", async () => {
      const { job, operator, market, staking, thief } = await opened();
      const given = await job.signSeal(operator);
      await staking.connect(operator.owner).revokeSigner(operator.node);
      await expect(market.connect(thief).commitSigned(job.packed, [given]))
        .to.be.revertedWithCustomError(market, "MarketNotSigner")
        .withArgs(operator.node, operator.signer, ZeroAddress);
    });

    it("takes nobody's signature for that of a node without signer [T171]", async () => {
      const { job, operator, market, commitments, staking, thief } = await opened();
      await staking.connect(operator.owner).revokeSigner(operator.node);
      const { commitment } = await job.signSeal(operator);
      const given = { node: operator.node, commitment, r: ZeroHash, vs: ZeroHash };
      await expect(market.connect(thief).commitSigned(job.packed, [given]))
        .to.be.revertedWithCustomError(commitments, "CommitmentsBadSignature")
        .withArgs(await job.roundId(), operator.node, ZeroHash, ZeroHash);
    });
  });

  context("given the seals of several nodes", () => {
    it("takes a seat for each, and packs as many as the job asked for [I34]", async () => {
      const { job, market, commitments, nodes, version } = await opened();
      const pack = await job.pack(nodes);
      expect(pack.seals.map(({ node }) => node)).to.deep.equal(seatsOf(nodes));
      const { startedAt } = await job.record();
      const { sealedCount, sealEndsAt, least, most } = unpackRound(pack.round);
      expect({ sealedCount, sealEndsAt, least, most }).to.deep.equal({
        sealedCount: 3,
        sealEndsAt: startedAt + SEAL_PERIOD,
        least: 2,
        most: 9,
      });
      await expectPacked(commitments, pack);
      for (const { node } of nodes) expect((await market.servingOf(node, version)).used).to.equal(8n * PRICE);
    });

    it("gives each an entry where they are fewer than the job asked for", async () => {
      const { suite, nodes } = await opened();
      const job = await (await TestJob.request(suite, { quorum: 3 })).open();
      await job.commitSigned(nodes.slice(0, 2));
      expect((await job.round()).sealedCount).to.equal(2);
      await job.commitSigned(nodes.slice(2));
      expect((await job.round()).sealedCount).to.equal(3);
    });

    it("records the seed with none, and takes no seat", async () => {
      const { suite, market } = await opened();
      const job = await (await TestJob.request(suite)).open();
      await expect(market.connect(suite.stranger).commitSigned(job.packed, [])).to.emit(market, "SeedRecorded");
      expect((await job.round()).sealedCount).to.equal(0);
    });

    it("refuses all for one that somebody else has signed, packed or not [T170]", async () => {
      for (const quorum of [2, 3]) {
        const { suite, market, nodes, thief } = await opened();
        const job = await (await TestJob.request(suite, { quorum })).open();
        const seals = await job.signSeals(nodes.slice(0, 2));
        const [first, second] = [nth(seals, 0), nth(nodes, 1)];
        const forged = await job.signSeal(second, { signer: thief });
        await expect(market.connect(thief).commitSigned(job.packed, [first, forged]))
          .to.be.revertedWithCustomError(market, "MarketNotSigner")
          .withArgs(second.node, thief, second.signer);
        expect((await job.round()).sealedCount).to.equal(0);
      }
    });

    it("refuses all for one whose lock is full", async () => {
      const { job, market, nodes, version, stranger } = await opened();
      const full = nth(nodes, 2);
      const seals = await job.signSeals(nodes);
      const { endsAt, weight } = await market.servingOf(full.node, version);
      await market.connect(full.signer).serve(full.node, version, weight, 8n * PRICE - 1n, endsAt);
      const neededUntil = BigInt(await time.latest()) + job.fields.rules.horizonPeriod;
      await expect(market.connect(stranger).commitSigned(job.packed, seals))
        .to.be.revertedWithCustomError(market, "MarketLockTooSmall")
        .withArgs(full.node, version, 8n * PRICE, 8n * PRICE - 1n, neededUntil, endsAt);
      expect((await job.round()).sealedCount).to.equal(0);
    });

    it("refuses all for one that is not drawn", async () => {
      const suite = await loadFixture(servedByNine);
      const { market, stranger, nodes } = suite;
      const job = await (await TestJob.request(suite)).open();
      await job.advance();
      const weights = new Map(nodes.map((node) => [node, OWN_STAKE]));
      const drawn = await drawnFor(job, weights, 9n * OWN_STAKE);
      const [idle] = nodes.filter((node) => !drawn.includes(node));
      if (idle === undefined) throw new Error("All are drawn");
      const seals = await job.signSeals([...drawn.slice(0, 2), idle]);
      await expect(market.connect(stranger).commitSigned(job.packed, seals))
        .to.be.revertedWithCustomError(market, "MarketNotDrawn")
        .withArgs(job.jobId, idle.node, 0);
      expect((await job.round()).sealedCount).to.equal(0);
    });

    it("refuses all where a node comes twice [I34]", async () => {
      const { job, market, commitments, nodes, stranger } = await opened();
      const [first, second] = await job.signSeals(nodes.slice(0, 2));
      if (first === undefined || second === undefined) throw new Error("Two are signed");
      await expect(market.connect(stranger).commitSigned(job.packed, [first, second, second]))
        .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
        .withArgs(await job.roundId(), second.node);
    });
  });

  context("given a packed round", () => {
    it("takes a late node once it is unpacked, in both ways", async () => {
      const { job, market, commitments, nodes, stranger } = await opened();
      const pack = await job.pack(nodes.slice(0, 2));
      const late = nth(nodes, 2);
      const seals = await job.signSeals([late]);
      const tries = [() => job.commit(late), () => market.connect(stranger).commitSigned(job.packed, seals)];
      for (const attempt of tries) {
        await expect(attempt()).to.be.revertedWithCustomError(commitments, "CommitmentsPacked").withArgs(pack.roundId);
      }
      await job.unpack(pack);
      await market.connect(stranger).commitSigned(job.packed, seals);
      expect((await job.round()).sealedCount).to.equal(3);
    });
  });

  context("given a job that cannot be sealed in", () => {
    it("reverts for one that nobody has ordered", async () => {
      const { job, operator, market } = await opened();
      const given = await job.signSeal(operator);
      const unknown = { ...job.packed, inputRoot: ZeroHash };
      await expect(market.commitSigned.staticCall(unknown, [given]))
        .to.be.revertedWithCustomError(market, "MarketUnknownJob")
        .withArgs(jobId(await chainId(), await market.getAddress(), unknown));
    });

    it("reverts for one that is final, and names its state", async () => {
      const { suite, market, nodes } = await opened();
      const job = await TestJob.request(suite);
      const given = await job.signSeal(nth(nodes, 0));
      await market.connect(suite.requester).cancel(job.packed);
      await expect(market.commitSigned.staticCall(job.packed, [given]))
        .to.be.revertedWithCustomError(market, "MarketWrongState")
        .withArgs(job.jobId, await job.state());
    });
  });
});
