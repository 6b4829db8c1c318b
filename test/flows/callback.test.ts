import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { CallbackRecorder__factory } from "../../typechain-types/index.ts";
import { OUTPUT_ROOT, PAYLOAD, settledFor, TIP, withCallbacks } from "../support/callbacks.ts";
import { ROYALTY, servedByNine } from "../support/fixtures.ts";
import { all, each, PRICE, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";

const DAY = 86_400;

describe("A job with a callback", () => {
  it("is paid first, then delivered by a stranger, who gets the tip [I38]", async () => {
    const suite = await loadFixture(withCallbacks);
    const { market, stranger, recorder } = suite;
    const before = await ledgerOf(suite);
    const job = await settledFor(suite, await recorder.getAddress());

    const fee = job.feeOf(2n * PRICE);
    const settled = {
      requester: -2n * PRICE - fee - ROYALTY - TIP,
      fees: fee,
      publisher: ROYALTY,
      ...earningsOf([0, 1], PRICE),
    };
    expect(await changesSince(before, suite)).to.deep.equal(settled);

    await expect(market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
      .to.emit(market, "ResultDelivered")
      .withArgs(job.jobId, recorder, stranger, TIP)
      .and.to.emit(recorder, "Received")
      .withArgs(market, job.jobId, suite.version, PayloadError.None, PAYLOAD);
    const changes = await changesSince(before, suite);
    expect(changes).to.deep.equal({ ...settled, stranger: TIP });
    expectConserved(changes);
  });

  it("can be delivered later if the callback refused at first [T012 T089]", async () => {
    const suite = await loadFixture(withCallbacks);
    const { market, stranger, recorder } = suite;
    const job = await settledFor(suite, await recorder.getAddress());
    const before = await ledgerOf(suite);

    await recorder.setRefuses(true);
    await expect(market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
      .to.emit(market, "DeliveryFailed")
      .withArgs(job.jobId, recorder, stranger);
    expect(await changesSince(before, suite)).to.deep.equal({});
    expect((await job.record()).delivered).to.equal(false);

    await recorder.setRefuses(false);
    await market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD);
    expect(await changesSince(before, suite)).to.deep.equal({ stranger: TIP });
    expect((await job.record()).delivered).to.equal(true);
  });

  it("delivers the error on which the nodes agree", async () => {
    const suite = await loadFixture(withCallbacks);
    const { market, stranger, recorder } = suite;
    const job = await (
      await TestJob.request(suite, { callback: await recorder.getAddress(), callbackGas: 100_000, deliveryTip: TIP })
    ).open();
    const seats = suite.nodes.slice(0, 2);
    await job.answer(all(seats, errorRoot(PayloadError.InputMalformed)));
    await job.settle(seats);

    await expect(market.connect(stranger).deliver(job.packed, PayloadError.InputMalformed, "0x"))
      .to.emit(recorder, "Received")
      .withArgs(market, job.jobId, suite.version, PayloadError.InputMalformed, "0x");
  });

  it("delivers what the appeal decided, not what the first draw said", async () => {
    const suite = await loadFixture(servedByNine);
    const { market, stranger, nodes } = suite;
    const recorder = await new CallbackRecorder__factory(stranger).deploy();
    const callback = await recorder.getAddress();
    const job = await (
      await TestJob.request(suite, { quorum: 6, callback, callbackGas: 100_000, deliveryTip: TIP })
    ).open();
    const seats = nodes.slice(0, 6);
    const fresh = nodes.slice(6);
    await job.answer(each(seats, [WRONG, WRONG, WRONG, WRONG, OUTPUT_ROOT, OUTPUT_ROOT]));
    await job.beginNext(seats);
    await job.answer(all(fresh, OUTPUT_ROOT), 2);
    await expect(market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
      .to.be.revertedWithCustomError(market, "MarketWrongState")
      .withArgs(job.jobId, JobState.Appeal);
    await job.settle(seats, fresh);

    await expect(market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
      .to.emit(recorder, "Received")
      .withArgs(market, job.jobId, suite.version, PayloadError.None, PAYLOAD);
  });

  it("gives the tip back after 30 days without a delivery, and can still be delivered without it", async () => {
    const suite = await loadFixture(withCallbacks);
    const { market, stranger, requester, recorder } = suite;
    const job = await settledFor(suite, await recorder.getAddress());
    const before = await ledgerOf(suite);
    const { startedAt } = await job.record();

    await time.setNextBlockTimestamp(startedAt + 30 * DAY);
    await expect(market.connect(stranger).reclaimTip(job.packed))
      .to.emit(market, "TipReclaimed")
      .withArgs(job.jobId, requester, TIP);
    await expect(market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD))
      .to.emit(market, "ResultDelivered")
      .withArgs(job.jobId, recorder, stranger, 0n);
    expect(await changesSince(before, suite)).to.deep.equal({ requester: TIP });
  });

  it("gives the tip back at once where there is no result", async () => {
    const suite = await loadFixture(withCallbacks);
    const { recorder } = suite;
    const before = await ledgerOf(suite);
    const job = await (
      await TestJob.request(suite, { callback: await recorder.getAddress(), callbackGas: 100_000, deliveryTip: TIP })
    ).open();
    await time.increase(60);
    await job.expire();
    expect(await changesSince(before, suite)).to.deep.equal({});
  });
});
