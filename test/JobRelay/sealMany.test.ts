import { expect } from "chai";
import { ZeroAddress } from "ethers";

import type { SignedSeal } from "../../packages/sdk/src/codecs/commitment.ts";
import { nth } from "../support/actors.ts";
import { servedByThree } from "../support/fixtures.ts";
import { PRICE, SEAL_PERIOD, TestJob } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

/** A job whose sealing is open, three nodes that may sit in it, and their signed seals. */
async function signed() {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite, { quorum: 3 })).open();
  const seals = await job.signSeals(suite.nodes);
  return { ...suite, suite, job, second: nth(suite.nodes, 1), seals };
}

type Signed = Awaited<ReturnType<typeof signed>>;

/** Posts the seals with another one in the place of the second, and expects that alone to be skipped. */
async function expectSkipped({ relay, thief, job, seals }: Signed, bad: SignedSeal, reason: string): Promise<void> {
  await expect(relay.connect(thief).sealMany(job.packed, seals.with(1, bad)))
    .to.emit(relay, "SealSkipped")
    .withArgs(job.jobId, bad.node, reason);
  expect((await job.round()).sealedCount).to.equal(2);
}

describe("JobRelay.sealMany", () => {
  context("given seals that drawn nodes have signed", () => {
    it("takes a seat for each, whoever sends", async () => {
      const { relay, market, commitments, thief, job, seals, version } = await signed();
      const { startedAt } = await job.record();
      const transaction = relay.connect(thief).sealMany(job.packed, seals);
      for (const { node, commitment } of seals) {
        await expect(transaction)
          .to.emit(commitments, "ResultSealed")
          .withArgs(await job.roundId(), node, commitment, startedAt + SEAL_PERIOD);
        expect((await market.servingOf(node, version)).used).to.equal(8n * PRICE);
      }
      await expect(transaction).not.to.emit(relay, "SealSkipped");
      expect((await job.round()).sealedCount).to.equal(3);
    });
  });

  context("given one among them that the market refuses", () => {
    it("skips one that somebody else has signed, says so, and takes the others [T170 T172]", async () => {
      const given = await signed();
      const { market, thief, job, second } = given;
      const args = [second.node, thief.address, second.signer.address];
      const reason = market.interface.encodeErrorResult("MarketNotSigner", args);
      await expectSkipped(given, await job.signSeal(second, { signer: thief }), reason);
    });

    it("skips one of a node that has sealed, so that no own transaction can stop the rest [T172 T173]", async () => {
      const given = await signed();
      const { commitments, job, seals } = given;
      const repeated = nth(seals, 0);
      const args = [await job.roundId(), repeated.node];
      await expectSkipped(given, repeated, commitments.interface.encodeErrorResult("CommitmentsAlreadySealed", args));
    });

    it("skips one of a node that has revoked its signer meanwhile [T172]", async () => {
      const given = await signed();
      const { market, staking, second, seals } = given;
      await staking.connect(second.owner).revokeSigner(second.node);
      const args = [second.node, second.signer.address, ZeroAddress];
      await expectSkipped(given, nth(seals, 1), market.interface.encodeErrorResult("MarketNotSigner", args));
    });

    it("skips one of a node that has taken its lock away meanwhile [T172]", async () => {
      const given = await signed();
      const { relay, market, thief, second, seals, version, job } = given;
      await market.connect(second.owner).unserve(second.node, version);
      await expect(relay.connect(thief).sealMany(job.packed, seals))
        .to.emit(relay, "SealSkipped")
        .withArgs(job.jobId, second.node, (reason: string) => {
          const { name, args } = market.interface.parseError(reason) ?? {};
          return name === "MarketLockTooSmall" && args?.node === second.node && args.needed === 8n * PRICE;
        });
      expect((await job.round()).sealedCount).to.equal(2);
    });
  });

  context("when there is gas for two seals of three", () => {
    it("reverts and names the node whose seal it did not reach, as it is no fault of that [T174]", async () => {
      const { relay, thief, job, seals } = await signed();
      const gasLimit = ((await relay.connect(thief).sealMany.estimateGas(job.packed, seals)) * 9n) / 10n;
      await expect(relay.connect(thief).sealMany(job.packed, seals, { gasLimit }))
        .to.be.revertedWithCustomError(relay, "RelayGasTooLow")
        .withArgs(seals[2]?.node);
      expect((await job.round()).sealedCount).to.equal(0);
    });

    it("is estimated to need what all of them need [T174]", async () => {
      const { relay, thief, job, seals } = await signed();
      const gasLimit = await relay.connect(thief).sealMany.estimateGas(job.packed, seals);
      await relay.connect(thief).sealMany(job.packed, seals, { gasLimit });
      expect((await job.round()).sealedCount).to.equal(3);
    });
  });

  context("given a job in which nobody can seal yet", () => {
    it("skips all, and changes nothing", async () => {
      const { relay, market, thief, suite, nodes } = await signed();
      const job = await TestJob.request(suite);
      const { seedBlock, startedAt } = await job.record();
      const seals = await job.signSeals(nodes);
      const args = [job.jobId, seedBlock, startedAt];
      const transaction = relay.connect(thief).sealMany(job.packed, seals);
      for (const { node } of seals) {
        await expect(transaction)
          .to.emit(relay, "SealSkipped")
          .withArgs(job.jobId, node, market.interface.encodeErrorResult("MarketSealingNotOpen", args));
      }
      expect((await job.record()).seed).to.equal(0);
    });
  });
});
