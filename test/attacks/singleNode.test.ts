import { expect } from "chai";
import { parseEther } from "ethers";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { CallbackRecorder__factory } from "../../typechain-types/index.ts";
import { CALLBACK_GAS, OUTPUT_ROOT, PAYLOAD, TIP } from "../support/callbacks.ts";
import { CLOCKS } from "../support/disputes.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";
import { HONEST, LOWEST, LYING, offering, type Offering, PRICE, TestOffer } from "../support/optimistic.ts";

/** What the first node has lost and the others of its gang have gained, OPG; negative is a loss. */
async function gainOf(suite: Offering, before: Awaited<ReturnType<typeof ledgerOf>>, gang: readonly string[]) {
  const changes = await changesSince(before, suite, suite.optimistic);
  return gang.reduce((sum, name) => sum + (changes[name] ?? 0n), 0n);
}

/** A job with a callback that takes provisional answers. */
async function calledBack(suite: Offering): Promise<TestOffer> {
  const recorder = await new CallbackRecorder__factory(suite.stranger).deploy();
  const callback = await recorder.getAddress();
  return TestOffer.named(suite, { callback, callbackGas: CALLBACK_GAS, deliveryTip: TIP, provisional: true });
}

describe("An operator that plays several parts where one node answers", () => {
  const given = () => loadFixture(offering);

  it("loses half of the penalty when its second node finishes what its first one let lapse [T086]", async () => {
    const suite = await given();
    const { first, second } = suite;
    const job = await TestOffer.open(suite);
    const before = await ledgerOf(suite, suite.optimistic);
    await job.reserve(first);
    await job.missDeadline();
    await job.expire();
    await job.reserve(second);
    await job.answer(second);
    await job.endWindow();
    await job.settle();
    const { penalty, prize } = job.late(LOWEST);
    expect(await gainOf(suite, before, ["node 0 own", "node 1 earned"])).to.equal(prize - penalty);
    expect(penalty).to.equal(2n * prize);
  });

  it("loses when it orders, lies, proves its own lie and finishes the job [T062 I20]", async () => {
    const suite = await given();
    const { first, second, stranger } = suite;
    const before = await ledgerOf(suite, suite.optimistic);
    const job = await TestOffer.named(suite, { valueAtStake: 5 });
    await job.answer(first, LYING.outputRoot);
    await job.refute(first, [stranger]);
    await time.increase(CLOCKS.floor);
    await job.settle(LYING.outputRoot);
    await job.reserve(second);
    await job.answer(second);
    await job.endWindow();
    await job.settle();
    const gain = await gainOf(suite, before, ["requester", "stranger", "node 0 own", "node 1 earned"]);
    const rest = job.collateral() - PRICE - parseEther("5") - PRICE;
    expect(gain).to.equal(rest / 2n - rest);
    expect(gain).to.be.lessThan(-(PRICE + parseEther("5")));
  });

  it("cannot take its stake out once it has lied, nor its lock away [T023 I14]", async () => {
    const suite = await given();
    const { optimistic, staking, first, stranger, version } = suite;
    const job = await TestOffer.named(suite);
    await job.answer(first, LYING.outputRoot);
    await optimistic.connect(first.owner).unserve(first.node, version);
    const { bonded } = await staking.ownStakeOf(first.node);
    await expect(staking.connect(first.owner).thaw(first.node, bonded))
      .to.be.revertedWithCustomError(staking, "StakingNotBacked")
      .withArgs(first.node, job.collateral(), 0n);
    await staking.connect(first.owner).thaw(first.node, bonded - job.collateral());
    await job.refute(first, [stranger]);
    await time.increase(CLOCKS.floor);
    await job.settle(LYING.outputRoot);
    const { bonded: left, thawing } = await staking.ownStakeOf(first.node);
    expect(left + thawing.assets).to.equal(bonded - job.collateral());
  });

  it("cannot reach the price of a second later, or another's reservation, by reserving in the same second [T086]", async () => {
    const suite = await given();
    const { optimistic, first, second } = suite;
    const job = await TestOffer.open(suite);
    const asked = job.fields.requestedAt + 60;
    await time.setNextBlockTimestamp(asked);
    await job.reserve(second);
    expect((await job.record()).price).to.equal(LOWEST + ((PRICE - LOWEST) * 50n) / 100n);
    await time.setNextBlockTimestamp(asked);
    await expect(job.reserve(first))
      .to.be.revertedWithCustomError(optimistic, "MarketWrongPhase")
      .withArgs(job.jobId, OptimisticState.Reserved);
  });
});

describe("An answer that was handed over before it was final", () => {
  const given = () => loadFixture(offering);
  const deliver = (job: TestOffer, fault: PayloadError = PayloadError.None, payload: string | Uint8Array = PAYLOAD) =>
    job.deliver(fault, payload);

  it("never becomes the result of a job that another node finishes [T089]", async () => {
    const suite = await given();
    const { optimistic, first, second } = suite;
    const job = await calledBack(suite);
    await job.answer(first, OUTPUT_ROOT);
    await deliver(job);
    await job.withhold(first, OUTPUT_ROOT);
    await time.increase(CLOCKS.floor);
    await job.settle(OUTPUT_ROOT);
    await expect(deliver(job))
      .to.be.revertedWithCustomError(optimistic, "MarketWrongPhase")
      .withArgs(job.jobId, OptimisticState.Open);
    await job.reserve(second);
    await job.answer(second, errorRoot(PayloadError.InputMissing));
    await expect(deliver(job))
      .to.be.revertedWithCustomError(optimistic, "MarketNotStated")
      .withArgs(job.jobId, second.node, OUTPUT_ROOT);
    await job.endWindow();
    await job.settle(errorRoot(PayloadError.InputMissing));
    await expect(deliver(job))
      .to.be.revertedWithCustomError(optimistic, "MarketNotStated")
      .withArgs(job.jobId, second.node, OUTPUT_ROOT);
    await expect(deliver(job, PayloadError.InputMissing, "0x")).to.emit(optimistic, "ResultDelivered");
  });

  it("pays its tip once, whoever asks for it after that, and however often [T093]", async () => {
    const suite = await given();
    const { optimistic, first, requester } = suite;
    const before = await ledgerOf(suite, optimistic);
    const job = await calledBack(suite);
    await job.answer(first, OUTPUT_ROOT);
    await deliver(job);
    await expect(deliver(job)).to.be.revertedWithCustomError(optimistic, "MarketNothingToDeliver").withArgs(job.jobId);
    await job.endWindow();
    await job.settle(OUTPUT_ROOT);
    const since = (await job.record()).since;
    await time.increase(31 * 86_400);
    await expect(optimistic.connect(requester).reclaimTip(job.packed))
      .to.be.revertedWithCustomError(optimistic, "MarketNoTipToReclaim")
      .withArgs(job.jobId, since + 30 * 86_400);
    const changes = await changesSince(before, suite, optimistic);
    expect(changes["stranger"]).to.equal(TIP);
    expect(changes["requester"]).to.equal(-job.escrow);
  });

  it("is lost to nobody who copies it: another node can answer neither for itself nor in its name [T083]", async () => {
    const suite = await given();
    const { optimistic, first, second } = suite;
    const job = await TestOffer.named(suite);
    await expect(job.answer(second, HONEST.outputRoot))
      .to.be.revertedWithCustomError(optimistic, "MarketNotForNode")
      .withArgs(job.jobId, second.node, first.node);
    await expect(job.answer(first, HONEST.outputRoot, second.signer))
      .to.be.revertedWithCustomError(optimistic, "MarketNotSigner")
      .withArgs(first.node, second.signer, first.signer);
  });
});
