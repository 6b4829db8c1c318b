import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { jobId } from "../../packages/sdk/src/codecs/job.ts";
import { nth } from "../support/actors.ts";
import { servedByThree } from "../support/fixtures.ts";
import { PRICE, SEAL_PERIOD, TestJob } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";
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
