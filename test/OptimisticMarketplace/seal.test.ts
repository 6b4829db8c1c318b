import { expect } from "chai";

import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { unpackRound } from "../../packages/sdk/src/codecs/round.ts";
import { CallbackRecorder__factory } from "../../typechain-types/index.ts";
import { ALWAYS, AuditedOffer, auditing } from "../support/audits.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import { HONEST, TestOffer, WINDOW } from "../support/optimistic.ts";

describe("OptimisticMarketplace.seal", () => {
  const given = () => loadFixture(auditing);

  context("given a job that may be audited", () => {
    context("when its named node seals", () => {
      it("takes the collateral and opens a round that leaves time for an auditor [T042]", async () => {
        const suite = await given();
        const { optimistic, commitments, first, version } = suite;
        const offer = await AuditedOffer.named(suite);
        await offer.seal(first);
        const sealedAt = await time.latest();
        const { round } = await commitments.roundOf(await offer.job.roundId());
        expect(unpackRound(round)).to.deep.equal({
          sealEndsAt: sealedAt + 2 + 3,
          lastSealEndsAt: sealedAt + 2 + 15,
          revealPeriod: 10,
          least: 2,
          most: 2,
          sealedCount: 1,
          revealedCount: 0,
          leaderCount: 0,
          lastRevealBlock: (await ethers.provider.getBlockNumber()) + 2,
          windowPeriod: WINDOW,
          isPacked: false,
        });
        expect((await optimistic.servingOf(first.node, version)).used).to.equal(offer.job.collateral());
      });

      it("cannot be revealed before an auditor had time, though nobody comes [T042]", async () => {
        const suite = await given();
        const { commitments, first } = suite;
        const offer = await AuditedOffer.named(suite);
        await offer.seal(first);
        const { lastSealEndsAt } = await offer.round();
        await time.setNextBlockTimestamp(lastSealEndsAt - 1);
        await expect(offer.reveal(first))
          .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooEarly")
          .withArgs(await offer.job.roundId(), lastSealEndsAt);
        await time.setNextBlockTimestamp(lastSealEndsAt);
        await offer.reveal(first);
      });

      it("can be handed over as provisional only when it is revealed", async () => {
        const suite = await given();
        const { optimistic, first, second, stranger } = suite;
        const callback = await new CallbackRecorder__factory(stranger).deploy();
        const order = { callback: await callback.getAddress(), callbackGas: 300_000, provisional: true };
        const offer = await AuditedOffer.named(suite, order);
        const root = errorRoot(PayloadError.InputMissing);
        await offer.seal(first, root);
        const deliver = (node = first.node) => offer.job.deliver(PayloadError.InputMissing, "0x", node);
        await expect(deliver())
          .to.be.revertedWithCustomError(optimistic, "MarketNotStated")
          .withArgs(offer.job.jobId, first.node, root);
        await offer.endSealing();
        await offer.reveal(first, root);
        await expect(deliver(second.node))
          .to.be.revertedWithCustomError(optimistic, "MarketNotStated")
          .withArgs(offer.job.jobId, second.node, root);
        await expect(deliver())
          .to.emit(optimistic, "ResultDelivered")
          .withArgs(offer.job.jobId, callback, stranger, 0n);
      });
    });

    context("when its node seals twice", () => {
      it("reverts and names round and node", async () => {
        const suite = await given();
        const { commitments, first } = suite;
        const offer = await AuditedOffer.named(suite);
        await offer.seal(first);
        await expect(offer.seal(first))
          .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
          .withArgs(await offer.job.roundId(), first.node);
      });
    });

    context("when the node that has reserved it seals", () => {
      it("opens the round, and adds no second collateral", async () => {
        const suite = await given();
        const { optimistic, first, version } = suite;
        const offer = await AuditedOffer.open(suite);
        await offer.job.reserve(first);
        const { used } = await optimistic.servingOf(first.node, version);
        await offer.seal(first);
        expect((await optimistic.servingOf(first.node, version)).used).to.equal(used);
        expect((await offer.round()).sealedCount).to.equal(1);
      });
    });

    context("when somebody else seals", () => {
      it("reverts and names who may [T018]", async () => {
        const suite = await given();
        const { optimistic, first, second, thief } = suite;
        const offer = await AuditedOffer.named(suite);
        await expect(offer.seal(second))
          .to.be.revertedWithCustomError(optimistic, "MarketNotForNode")
          .withArgs(offer.job.jobId, second.node, first.node);
        await expect(offer.seal(first, HONEST.outputRoot, thief))
          .to.be.revertedWithCustomError(optimistic, "MarketNotSigner")
          .withArgs(first.node, thief, first.signer);
      });
    });

    context("when its time is over", () => {
      it("reverts and names the deadline; the job expires", async () => {
        const suite = await given();
        const { optimistic, first } = suite;
        const offer = await AuditedOffer.named(suite);
        const deadline = await offer.job.deadline();
        await time.setNextBlockTimestamp(deadline);
        await expect(offer.seal(first))
          .to.be.revertedWithCustomError(optimistic, "MarketTooLate")
          .withArgs(offer.job.jobId, deadline);
        await offer.job.expire();
      });
    });

    context("when it was sealed in time", () => {
      it("does not expire [T084]", async () => {
        const suite = await given();
        const { optimistic, first } = suite;
        const offer = await AuditedOffer.named(suite);
        const deadline = await offer.job.deadline();
        await time.setNextBlockTimestamp(deadline - 1);
        await offer.seal(first);
        await offer.endWindow();
        await expect(offer.job.expire())
          .to.be.revertedWithCustomError(optimistic, "MarketNotExpired")
          .withArgs(offer.job.jobId, deadline);
      });
    });

    context("when it is answered in clear", () => {
      it("reverts: an auditor could copy it [T041]", async () => {
        const suite = await given();
        const offer = await AuditedOffer.named(suite);
        await expect(offer.job.answer(suite.first))
          .to.be.revertedWithCustomError(suite.optimistic, "MarketAudited")
          .withArgs(offer.job.jobId);
      });
    });
  });

  context("given a job that is not audited", () => {
    it("reverts", async () => {
      const suite = await given();
      const offer = await AuditedOffer.named(suite, { auditBps: 0 });
      await expect(offer.seal(suite.first))
        .to.be.revertedWithCustomError(suite.optimistic, "MarketNotAudited")
        .withArgs(offer.job.jobId);
    });
  });

  context("given the collateral of a job", () => {
    it("is three times price and value over the rate, but never less than a late penalty [I14]", async () => {
      const suite = await given();
      const lockOf = async (auditBps: number, valueAtStake: number) =>
        (await TestOffer.named(suite, { auditBps, valueAtStake })).collateral() / 10n ** 18n;
      expect(await lockOf(0, 1)).to.equal(3n * 3n * 10n + 4n);
      expect(await lockOf(500, 1)).to.equal(3n * 3n * 20n + 4n);
      expect(await lockOf(ALWAYS, 8)).to.equal(3n * 10n + 4n);
      expect(await lockOf(ALWAYS, 1)).to.equal(5n * 2n + 4n);
    });
  });
});
