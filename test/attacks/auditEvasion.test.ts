import { expect } from "chai";

import { AuditedOffer, auditing, bothSealed } from "../support/audits.ts";
import { entryOfSeal } from "../support/entries.ts";
import { loadFixture, time } from "../support/network.ts";
import { HONEST, LYING, PRICE } from "../support/optimistic.ts";

describe("A node that wants to lie in a job that may be audited", () => {
  const given = () => loadFixture(auditing);

  it("cannot see what the auditor has sealed before it must have sealed itself [T041 T042]", async () => {
    const suite = await given();
    const { commitments, optimistic, first, second } = suite;
    const offer = await AuditedOffer.named(suite);
    await offer.seal(first, LYING.outputRoot);
    await offer.openSeat();
    await offer.sealAudit(second);
    await expect(offer.seal(first))
      .to.be.revertedWithCustomError(commitments, "CommitmentsAlreadySealed")
      .withArgs(await offer.job.roundId(), first.node);
    await offer.endSealing();
    await offer.reveal(second);
    // What it sealed it can only state, or lose all by silence.
    const [other, own] = await Promise.all(
      [HONEST, LYING].map(({ outputRoot }) => offer.commitment(first, outputRoot).then(entryOfSeal)),
    );
    await expect(offer.reveal(first))
      .to.be.revertedWithCustomError(commitments, "CommitmentsMismatch")
      .withArgs(await offer.job.roundId(), first.node, other, own);
    await offer.endWindow();
    await expect(offer.settle(second))
      .to.emit(optimistic, "SeatSlashed")
      .withArgs(offer.job.jobId, first.node, offer.job.collateral());
  });

  it("gains nothing by copying the seal of an auditor, or an auditor by copying its own [T041]", async () => {
    const suite = await given();
    const { commitments, optimistic, first, second } = suite;
    const offer = await AuditedOffer.named(suite);
    await offer.seal(first);
    await offer.openSeat();
    const copied = await offer.commitment(first, HONEST.outputRoot);
    await optimistic.connect(second.signer).sealAudit(offer.job.packed, second.node, copied);
    await offer.endSealing();
    await offer.reveal(first);
    await expect(offer.reveal(second))
      .to.be.revertedWithCustomError(commitments, "CommitmentsMismatch")
      .withArgs(
        await offer.job.roundId(),
        second.node,
        entryOfSeal(await offer.commitment(second, HONEST.outputRoot)),
        entryOfSeal(copied),
      );
    await offer.endWindow();
    const absence = offer.collateral() / 8n;
    await expect(offer.settle(second))
      .to.emit(optimistic, "AbsencePaid")
      .withArgs(offer.job.jobId, second.node, absence);
  });

  it("pays for an auditor of its own who says what it says: both are disputed as one [T051]", async () => {
    const suite = await given();
    const { optimistic, staking, first, second, stranger } = suite;
    const offer = await AuditedOffer.named(suite, { valueAtStake: 1 });
    await bothSealed(offer, [first, LYING.outputRoot], [second, LYING.outputRoot]);
    await offer.reveal(first, LYING.outputRoot);
    await offer.reveal(second, LYING.outputRoot);
    await offer.job.refute(first, [stranger]);
    await offer.job.refute(second, [stranger]);
    await offer.endWindow();
    const before = (await staking.ownStakeOf(second.node)).bonded;
    await offer.settle(second);
    expect(before - (await staking.ownStakeOf(second.node)).bonded).to.equal(offer.collateral());
    expect((await optimistic.accountOf(stranger)).balance).to.be.greaterThan(0n);
  });
});

describe("An auditor that wants to harm an honest node", () => {
  const given = () => loadFixture(auditing);

  it("delays it by its silence, loses a part of its lock, and the node is paid [T045]", async () => {
    const suite = await given();
    const { optimistic, first, second, version } = suite;
    const offer = await AuditedOffer.named(suite);
    await bothSealed(offer, [first, HONEST.outputRoot], [second, HONEST.outputRoot]);
    await offer.reveal(first);
    await offer.endWindow();
    await offer.settle(second);
    expect((await optimistic.servingOf(first.node, version)).earned).to.equal(PRICE);
  });

  it("loses all by a lie that the node disputes, and the node is paid [T065]", async () => {
    const suite = await given();
    const { disputes, optimistic, deployer, first, second, version } = suite;
    const offer = await AuditedOffer.named(suite);
    await bothSealed(offer, [first, HONEST.outputRoot], [second, LYING.outputRoot]);
    await offer.reveal(first);
    await offer.reveal(second, LYING.outputRoot);
    const bond = await disputes.bond();
    await suite.token.connect(deployer).approve(disputes, bond);
    await disputes.connect(deployer).deposit(first.signer, bond);
    await offer.job.refute(second, [first.signer]);
    await offer.endWindow();
    await offer.settle(second);
    expect((await optimistic.servingOf(first.node, version)).earned).to.equal(PRICE);
    expect((await optimistic.accountOf(first.signer)).balance).to.equal((offer.collateral() - PRICE) / 2n);
    expect(await disputes.balanceOf(first.signer)).to.equal(bond);
  });

  it("holds up nobody: a stranger ends the job after its last deadline [I10]", async () => {
    const suite = await given();
    const offer = await AuditedOffer.named(suite);
    await bothSealed(offer, [suite.first, HONEST.outputRoot], [suite.second, HONEST.outputRoot]);
    await time.increase(1_000);
    await offer.settle(suite.second);
    expect((await offer.job.record()).attempt).to.equal(1);
  });
});
