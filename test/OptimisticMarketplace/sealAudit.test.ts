import { expect } from "chai";

import { drawSeed, isAudited, isDrawn } from "../../packages/sdk/src/codecs/draw.ts";
import { AuditedOffer, auditing } from "../support/audits.ts";
import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture, mine, mineAtOnce, time } from "../support/network.ts";
import { HONEST } from "../support/optimistic.ts";

/** A sealed job whose draw can begin. */
async function sealed(auditBps?: number) {
  const suite = await loadFixture(auditing);
  const offer = await AuditedOffer.named(suite, auditBps === undefined ? {} : { auditBps });
  await offer.seal(suite.first);
  return { ...suite, suite, offer, job: offer.job };
}

/** The hash of the block that decides about a job's audit, as a seed. */
async function seedOf(offer: AuditedOffer): Promise<bigint> {
  const block = await ethers.provider.getBlock((await offer.round()).lastRevealBlock);
  if (!block?.hash) throw new Error("The seed's block is not mined");
  return drawSeed(block.hash, offer.job.jobId, 0);
}

describe("OptimisticMarketplace.sealAudit", () => {
  context("given a sealed job that is audited", () => {
    context("when a node seals on which the draw falls", () => {
      it("takes its collateral and ends sealing with the running step", async () => {
        const { optimistic, commitments, offer, job, second, version } = await sealed();
        await offer.openSeat(2);
        const stepEndsAt = (await offer.start()) + 3 * offer.sealPeriod;
        await expect(offer.sealAudit(second))
          .to.emit(commitments, "ResultSealed")
          .withArgs(await job.roundId(), second.node, await offer.commitment(second, HONEST.outputRoot), stepEndsAt);
        expect(await offer.round()).to.include({ sealedCount: 2, sealEndsAt: stepEndsAt });
        const { used } = await optimistic.servingOf(second.node, version);
        expect(used).to.equal(offer.collateral());
      });

      it("leaves no seat for another, and none for itself", async () => {
        const { optimisticPolicy, offer, job, second, third } = await sealed();
        await offer.openSeat();
        await offer.sealAudit(second);
        for (const late of [second, third]) {
          await expect(offer.sealAudit(late))
            .to.be.revertedWithCustomError(optimisticPolicy, "PolicyNoFreeSeat")
            .withArgs(job.jobId);
        }
      });
    });

    context("when the node seals that is to be checked", () => {
      it("reverts: one node is one opinion [T051]", async () => {
        const { commitments, offer, job, first } = await sealed();
        await offer.openSeat();
        await expect(offer.sealAudit(first))
          .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
          .withArgs(await job.roundId(), first.node);
      });
    });

    context("when the draw does not fall on a node yet", () => {
      it("reverts with the step, as the SDK foretells, and lets it in when the threshold has doubled", async () => {
        for (;;) {
          const { optimisticPolicy, offer, job, second, third } = await sealed();
          await offer.openSeat(0);
          const seed = await seedOf(offer);
          const lot = {
            seed,
            totalWeight: 2n * OWN_STAKE,
            weight: OWN_STAKE,
            quorum: 1,
            seatFactorBps: 10_000n,
            step: 0,
          };
          const out = [second, third].find(({ node }) => !isDrawn({ ...lot, node }));
          if (out === undefined) {
            await mineAtOnce(1);
            continue;
          }
          await expect(offer.sealAudit(out))
            .to.be.revertedWithCustomError(optimisticPolicy, "PolicyNotDrawn")
            .withArgs(job.jobId, out.node, 0n);
          await offer.openSeat(1);
          await offer.sealAudit(out);
          return;
        }
      });
    });

    context("when a node seals that came after the order", () => {
      it("reverts: its weight does not count [T050]", async () => {
        const suite = await loadFixture(auditing);
        const { roster, optimisticPolicy, first, second, version } = suite;
        await roster.connect(second.signer).enrol(second.node, version, 0n);
        await time.increase(1);
        const offer = await AuditedOffer.named(suite);
        await roster.connect(second.signer).enrol(second.node, version, OWN_STAKE);
        await offer.seal(first);
        await offer.openSeat(4);
        await expect(offer.sealAudit(second))
          .to.be.revertedWithCustomError(optimisticPolicy, "PolicyNotDrawn")
          .withArgs(offer.job.jobId, second.node, 4n);
      });

      it("counts the weight of a node that has left since", async () => {
        const { roster, offer, second, version } = await sealed();
        await roster.connect(second.signer).enrol(second.node, version, 0n);
        await offer.openSeat();
        await offer.sealAudit(second);
      });
    });

    context("when somebody else seals for a node", () => {
      it("reverts and names its signer [T018]", async () => {
        const { optimistic, offer, second, thief } = await sealed();
        await offer.openSeat();
        await expect(offer.sealAudit(second, HONEST.outputRoot, thief))
          .to.be.revertedWithCustomError(optimistic, "MarketNotSigner")
          .withArgs(second.node, thief, second.signer);
      });
    });

    context("when it is too early", () => {
      it("reverts until the seed's block is known and the first step has begun [T048]", async () => {
        const { optimisticPolicy, offer, job, second } = await sealed();
        const { lastRevealBlock } = await offer.round();
        const start = await offer.start();
        await expect(offer.sealAudit(second))
          .to.be.revertedWithCustomError(optimisticPolicy, "PolicySealingNotOpen")
          .withArgs(job.jobId, lastRevealBlock, start);
        await mineAtOnce(3);
        await time.setNextBlockTimestamp(start - 1);
        await expect(offer.sealAudit(second))
          .to.be.revertedWithCustomError(optimisticPolicy, "PolicySealingNotOpen")
          .withArgs(job.jobId, lastRevealBlock, start);
      });
    });

    context("when sealing is over", () => {
      it("reverts by a second, and after 256 blocks: nobody gets another seed [T048]", async () => {
        const { optimisticPolicy, offer, job, second } = await sealed();
        const { lastSealEndsAt } = await offer.round();
        await mine(2);
        await time.setNextBlockTimestamp(lastSealEndsAt);
        await expect(offer.sealAudit(second))
          .to.be.revertedWithCustomError(optimisticPolicy, "PolicySealingOver")
          .withArgs(job.jobId, lastSealEndsAt);

        const other = await sealed();
        await mineAtOnce(260);
        await time.setNextBlockTimestamp((await other.offer.round()).lastSealEndsAt - 1);
        await expect(other.offer.sealAudit(other.second))
          .to.be.revertedWithCustomError(other.optimisticPolicy, "PolicySealingOver")
          .withArgs(other.job.jobId, (await other.offer.round()).lastSealEndsAt);
      });
    });
  });

  context("given a job of which one answer in a hundred is audited", () => {
    it("reverts where the coin says no, as the SDK foretells, and the job goes on", async () => {
      let given = await sealed(100);
      await given.offer.openSeat();
      while (isAudited(await seedOf(given.offer), 100)) {
        given = await sealed(100);
        await given.offer.openSeat();
      }
      const { optimisticPolicy, offer, job, first, second } = given;
      await expect(offer.sealAudit(second))
        .to.be.revertedWithCustomError(optimisticPolicy, "PolicyNotAudited")
        .withArgs(job.jobId);
      await offer.endSealing();
      await offer.reveal(first);
      await offer.endWindow();
      await offer.settle();
    });
  });

  context("given a job in which nobody has sealed", () => {
    it("reverts: there is nothing to check", async () => {
      const suite = await loadFixture(auditing);
      const offer = await AuditedOffer.named(suite);
      await expect(offer.sealAudit(suite.second))
        .to.be.revertedWithCustomError(suite.optimisticPolicy, "PolicyNoFreeSeat")
        .withArgs(offer.job.jobId);
    });
  });

  context("given a job that is not audited", () => {
    it("reverts", async () => {
      const suite = await loadFixture(auditing);
      const offer = await AuditedOffer.named(suite, { auditBps: 0 });
      await expect(offer.sealAudit(suite.second))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketNotAudited")
        .withArgs(offer.job.jobId);
    });
  });
});
