import { expect } from "chai";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { AuditedOffer, auditing, bothSealed } from "../support/audits.ts";
import { ROYALTY } from "../support/fixtures.ts";
import { changesSince, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";
import { HONEST, PRICE } from "../support/optimistic.ts";

describe("OptimisticMarketplace.settleAudited", () => {
  const given = () => loadFixture(auditing);

  context("given a node and an auditor who have revealed the same, which nobody disputes", () => {
    it("pays both, and the owner of the model once [I09]", async () => {
      const suite = await given();
      const { optimistic, first, second } = suite;
      const before = await ledgerOf(suite, optimistic);
      const offer = await AuditedOffer.named(suite);
      await bothSealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
      await offer.reveal(first);
      await offer.reveal(second);
      await offer.endWindow();
      const fee = offer.fee();
      const transaction = offer.settle(second);
      await expect(transaction).to.emit(optimistic, "AuditClosed").withArgs(offer.job.jobId, second.node, PRICE, fee);
      await expect(transaction)
        .to.emit(optimistic, "JobClosed")
        .withArgs(offer.job.jobId, OptimisticState.Answered, first.node, HONEST.outputRoot, 0n, fee, ROYALTY, PRICE);
      const changes = await changesSince(before, suite, optimistic);
      expect(changes).to.deep.equal({
        requester: -offer.job.escrow,
        fees: 2n * fee,
        publisher: ROYALTY,
        "node 0 earned": PRICE,
        "node 1 earned": PRICE,
      });
      expectConserved(changes);
    });
  });
});
