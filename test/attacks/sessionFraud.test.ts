import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { receiptHash } from "../../packages/sdk/src/codecs/receipt.ts";
import { SessionState, VoucherFault } from "../../packages/sdk/src/codecs/session.ts";
import { BATCH_URI, batchOf } from "../support/batches.ts";
import { CLOCKS } from "../support/disputes.ts";
import { signConsent } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { CALL_PRICE, COLLATERAL, conversing, DEPOSIT, TestSession } from "../support/sessions.ts";
import { THAW_PERIOD } from "../support/staking.ts";

describe("A payer that wants answers for nothing", () => {
  const given = () => loadFixture(conversing);

  it("closes behind the last voucher, and the node still redeems it [T102]", async () => {
    const suite = await given();
    const session = await TestSession.open(suite);
    const voucher = await session.voucher(DEPOSIT);
    await session.close(suite.requester);
    await expect(suite.sessions.connect(suite.first.signer).redeem(voucher))
      .to.emit(suite.sessions, "VoucherRedeemed")
      .withArgs(session.id, DEPOSIT);
  });

  it("signs vouchers to two nodes for one deposit, and each gets what its own session holds [T103]", async () => {
    const suite = await given();
    const { sessions, requester, first, second } = suite;
    const { balance } = await sessions.accountOf(requester);
    await sessions.connect(requester).withdraw(requester, balance - DEPOSIT);
    const [one, other] = await Promise.all(
      [first, second].map(({ node }) => TestSession.agree(suite, { node, nonce: BigInt(node) })),
    );
    if (one === undefined || other === undefined) throw new Error("There are two nodes");
    await one.openAs(requester);
    await expect(other.openAs(requester))
      .to.be.revertedWithCustomError(sessions, "LedgerInsufficientBalance")
      .withArgs(requester, 0n, DEPOSIT);
    await expect(other.redeem(DEPOSIT)).to.be.revertedWithCustomError(sessions, "SessionsVoucherRefused");
    await one.redeem(DEPOSIT);
    expect((await one.record()).redeemed).to.equal(DEPOSIT);
  });

  it("never signs the last voucher: it has had one call for nothing, and not more [T112]", async () => {
    const suite = await given();
    const session = await TestSession.open(suite);
    const served = 10n;
    await session.redeem((served - 1n) * CALL_PRICE);
    await session.close(suite.first.signer);
    expect((await session.record()).redeemed).to.equal((served - 1n) * CALL_PRICE);
  });

  it("redeems crumbs, so that the node's money begins to wait anew: by one horizon at most [T184]", async () => {
    const suite = await given();
    const session = await TestSession.open(suite);
    const horizon = Number(session.fields.rules.receiptHorizonPeriod);
    await session.redeem(CALL_PRICE / 1_000n);
    const since = await time.latest();
    await time.increase(1);
    await session.redeem(DEPOSIT / 2n);
    for (const end of [since + horizon, since + 2 * horizon]) {
      await time.increaseTo(end);
      await session.settle();
    }
    expect((await session.record()).paid).to.equal(DEPOSIT / 2n);
  });
});

describe("A node that wants pay for lies", () => {
  const given = () => loadFixture(conversing);

  it("lies in every call, and one proof costs it more than all of them could earn [T106]", async () => {
    const suite = await given();
    const { sessions, staking, requester, thief, first, version } = suite;
    const session = await TestSession.open(suite);
    const receipts = await Promise.all([1n, 2n, 3n].map((sequence) => session.lie({ sequence })));
    for (const receipt of receipts) await session.show(receipt);
    await session.redeem(DEPOSIT);
    const before = await sessions.accountOf(requester);
    const stake = (await staking.ownStakeOf(first.node)).bonded;
    const proven = receipts[1];
    if (proven === undefined) throw new Error("The node has lied");
    await session.refute(proven, [thief]);
    await time.increase(CLOCKS.floor);
    await session.punishLie(proven);
    expect(stake - (await staking.ownStakeOf(first.node)).bonded).to.equal(COLLATERAL);
    expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT + CALL_PRICE);
    expect((await sessions.servingOf(first.node, version)).earned).to.equal(0n);
  });

  it("closes and takes its stake away, and the lie still finds it [T108]", async () => {
    const suite = await given();
    const { sessions, staking, thief, first, version } = suite;
    const session = await TestSession.open(suite);
    const receipt = await session.lie();
    await session.show(receipt);
    await session.close(first.signer);
    await sessions.connect(first.owner).unserve(first.node, version);
    expect((await sessions.servingOf(first.node, version)).maxLock).to.equal(COLLATERAL);
    await session.refute(receipt, [thief]);
    await time.increase(CLOCKS.floor);
    expect(session.fields.rules.horizonPeriod).to.be.lessThan(THAW_PERIOD);
    await session.punishLie(receipt);
    expect((await staking.lockOf(first.node, sessions, version)).amount).to.equal(0n);
  });

  it("was its own delegator, and has less to lose once that has left: the payer is whole all the same [T185]", async () => {
    const suite = await given();
    const { sessions, staking, token, deployer, delegator, requester, stranger, first, version } = suite;
    const own = (await staking.ownStakeOf(first.node)).bonded;
    await token.connect(deployer).transfer(delegator, own);
    await token.connect(delegator).approve(staking, own);
    await staking.connect(delegator).delegate(first.node, own, 0);
    await staking.connect(first.owner).authorise(first.node, sessions, 2n * own);
    const { endsAt } = await sessions.servingOf(first.node, version);
    const collateral = own + COLLATERAL / 2n;
    await suite.optimistic.connect(first.owner).unserve(first.node, version);
    await sessions.connect(first.owner).serve(first.node, version, collateral, endsAt);
    const session = await TestSession.open(suite, { collateral });
    const [shares] = await staking.delegationOf(first.node, delegator);
    await staking.connect(delegator).undelegate(first.node, shares, 0);
    await time.increase(THAW_PERIOD);
    await staking.connect(delegator).withdrawDelegation(first.node, 0);
    const before = await sessions.accountOf(requester);
    await session.redeem(DEPOSIT);
    await session.contradict(stranger, await session.receipt(), await session.lie());
    expect((await staking.ownStakeOf(first.node)).bonded).to.equal(0n);
    expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT + CALL_PRICE);
    expect((await sessions.accountOf(stranger)).balance).to.equal((own - CALL_PRICE) / 2n);
  });

  it("was slashed for something else, and has nothing left that pays: what is not final is the payer's all the same [T185]", async () => {
    const suite = await given();
    const { sessions, staking, token, deployer, delegator, requester, stranger, thief, first } = suite;
    const own = (await staking.ownStakeOf(first.node)).bonded;
    await token.connect(deployer).transfer(delegator, own);
    await token.connect(delegator).approve(staking, own);
    await staking.connect(delegator).delegate(first.node, own, 0);
    const session = await TestSession.open(suite);
    await session.redeem(DEPOSIT);
    await staking.connect(first.owner).authorise(first.node, thief, own);
    const obligation = id("something else");
    await staking.connect(thief).lock(first.node, obligation, own, (await time.latest()) + 1_000);
    await staking.connect(thief).slash(first.node, obligation, own, 0n, 0n);
    expect((await staking.ownStakeOf(first.node)).bonded).to.equal(0n);
    const before = await sessions.accountOf(requester);
    await expect(session.contradict(stranger, await session.receipt(), await session.lie()))
      .to.emit(sessions, "SessionFalsified")
      .withArgs(session.id, first.node, DEPOSIT, 0n, [stranger.address], 0n);
    expect((await sessions.accountOf(requester)).balance).to.equal(before.balance + DEPOSIT);
  });

  it("posts a batch that nobody can see, which pays it nothing [T109]", async () => {
    const suite = await given();
    const { commitments, first } = suite;
    const session = await TestSession.open(suite);
    const before = await session.record();
    await commitments.connect(first.signer).postBatch(id("leaves that nobody has"), 2n ** 32n, BATCH_URI);
    expect(await session.record()).to.deep.equal(before);
    await expect(session.settle()).to.be.revertedWithCustomError(suite.sessions, "SessionsNothingDue");
    // Only vouchers pay, and only those of the payer's key.
    await expect(suite.sessions.connect(first.signer).redeem(await session.voucher(DEPOSIT, first.signer)))
      .to.be.revertedWithCustomError(suite.sessions, "SessionsVoucherRefused")
      .withArgs(session.id, VoucherFault.NotByKey, DEPOSIT, 0n, DEPOSIT);
  });

  it("puts one receipt into two batches, and it is one statement with one punishment [T110 I25]", async () => {
    const suite = await given();
    const { commitments, receipts, sessions, stranger, thief, first } = suite;
    const session = await TestSession.open(suite);
    const lie = await session.lie();
    for (const leaves of [[receiptHash(lie), id("other")], [receiptHash(lie)]]) {
      const { batch, pathOf } = batchOf(first.signer.address, leaves);
      await commitments.connect(first.signer).postBatch(batch.root, batch.count, BATCH_URI);
      await receipts.connect(stranger).show(sessions, session.packed, lie, TestSession.inBatch(batch, 0n, pathOf(0)));
    }
    await session.refute(lie, [thief]);
    await time.increase(CLOCKS.floor);
    await session.punishLie(lie);
    await expect(session.punishLie(lie))
      .to.be.revertedWithCustomError(sessions, "SessionsWrongState")
      .withArgs(session.id, SessionState.Falsified);
  });

  it("reports its own contradiction, and loses more than half of the collateral all the same [T181]", async () => {
    const suite = await given();
    const { sessions, staking, first } = suite;
    const session = await TestSession.open(suite);
    await session.redeem(DEPOSIT);
    const stake = (await staking.ownStakeOf(first.node)).bonded;
    await session.contradict(first.owner, await session.receipt(), await session.lie());
    const back = (await sessions.accountOf(first.owner)).balance;
    expect(stake - (await staking.ownStakeOf(first.node)).bonded - back).to.equal((COLLATERAL + CALL_PRICE) / 2n);
    expect((await session.record()).state).to.equal(SessionState.Falsified);
  });
});

describe("A thief", () => {
  const given = () => loadFixture(conversing);

  it("of a session key cannot take the payer's balance, only spend what the grant still allows [T182]", async () => {
    const suite = await given();
    const { sessions, requester, delegator: key } = suite;
    const session = await TestSession.agree(suite);
    await sessions.connect(requester).grantKey(key, DEPOSIT, session.fields.endsAt, ZeroHash);
    await expect(sessions.connect(key).withdraw(key, 1n))
      .to.be.revertedWithCustomError(sessions, "LedgerInsufficientBalance")
      .withArgs(key, 0n, 1n);
    await session.openAs(key);
    const { balance } = await sessions.accountOf(requester);
    await session.close(key);
    await time.increase(Number(session.fields.rules.closeNoticePeriod));
    await session.settle();
    expect((await sessions.accountOf(requester)).balance).to.equal(balance + DEPOSIT);
    const another = await TestSession.agree(suite, { endsAt: session.fields.endsAt });
    await expect(another.openAs(key))
      .to.be.revertedWithCustomError(sessions, "SessionsKeyNotGranted")
      .withArgs(requester, key, DEPOSIT, 0n, session.fields.endsAt, session.fields.endsAt);
  });

  it("of an old signer can sign into the past, no longer than the horizon [T180]", async () => {
    const suite = await given();
    const { staking, receipts, stranger, thief, first } = suite;
    const session = await TestSession.open(suite);
    await staking
      .connect(first.owner)
      .proposeSigner(first.node, thief, await signConsent(suite, first.node, { signer: thief }));
    const { nextAt } = await staking.signerOf(first.node);
    await time.increaseTo(nextAt);
    await staking.connect(stranger).activateSigner(first.node);
    const forged = await session.lie({ issuedAt: Number(nextAt) - 1 });
    const until = forged.issuedAt + Number(session.fields.rules.receiptHorizonPeriod);
    await time.increaseTo(until - 1);
    await session.show(forged, first.signer);
    await time.increaseTo(until);
    await expect(session.show({ ...forged, sequence: 2n }, first.signer))
      .to.be.revertedWithCustomError(receipts, "ReceiptsOutOfTime")
      .withArgs(session.id, forged.issuedAt, until);
  });
});
