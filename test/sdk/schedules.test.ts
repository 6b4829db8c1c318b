import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  cancelSchedule,
  changeSchedule,
  createSchedule,
  decodeOrder,
  entitiesOf,
  getDueRun,
  getOptimisticJob,
  getRuns,
  getSchedule,
  getSchedulerRules,
  NotFoundError,
  pauseSchedule,
  periodAt,
  periodStartOf,
  prepareOptimisticOrder,
  ProtocolError,
  resumeSchedule,
  runNonceOf,
  scheduleIdOf,
  ScheduleState,
  setSchedulerRules,
  topUpSchedule,
  triggerSchedule,
  unpackSchedule,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { INPUT } from "../support/disputes.ts";
import { loadFixture, setNextBaseFee, time } from "../support/network.ts";
import { namedOrder, PRICE } from "../support/optimistic.ts";
import { BUDGET, INTERVAL, MOST_COST, MOST_REWARD, scheduling, SOURCED } from "../support/schedules.ts";

describe("The SDK where schedules run", () => {
  async function given() {
    const suite = await loadFixture(scheduling);
    const [owner, keeper, admin] = await Promise.all(
      [suite.requester, suite.stranger, suite.deployer].map((one) => clientOf(suite, one)),
    );
    if (!owner || !keeper || !admin) throw new Error("three clients");
    const startAt = (await time.latest()) + 10;
    const terms = { mostReward: MOST_REWARD, mostCost: MOST_COST, startAt, interval: INTERVAL };
    const order = namedOrder(suite);
    const prepared = prepareOptimisticOrder(order.requester, {
      ...order,
      input: { uri: "ipfs://input", inputRoot: INPUT },
    });
    return { ...suite, owner, keeper, admin, terms, prepared, startAt };
  }

  it("creates, runs, and tells of both", async () => {
    const { owner, keeper, terms, prepared, startAt, requester, stranger } = await given();
    const made = await createSchedule(owner, { ...terms, ...prepared, budget: BUDGET });
    expect(scheduleIdOf(owner, made.packed)).to.equal(made.scheduleId);
    expect(made.schedule).to.include({ owner: requester.address, ...terms });
    expect(made.order).to.deep.equal(prepared.order);
    const found = await getSchedule(keeper, made);
    const { scheduleId, packed, schedule } = made;
    expect({ scheduleId, packed, schedule }).to.deep.equal({
      scheduleId: found.scheduleId,
      packed: found.packed,
      schedule: found.schedule,
    });
    expect(found.record).to.deep.equal({ state: ScheduleState.Active, nextIndex: 0n, runs: 0n, budget: BUDGET });

    const early = await getDueRun(keeper, made).catch((error: unknown) => error);
    expect(early).to.be.instanceOf(ProtocolError);
    expect((early as ProtocolError).decoded.name).to.equal("SchedulerNotDue");
    await setNextBaseFee(1n);
    await time.increaseTo(startAt + 3 * INTERVAL);
    const due = await getDueRun(keeper, made);
    expect(due.index).to.equal(3n);
    expect(periodAt(made.schedule, await time.latest())).to.equal(3n);
    expect(periodStartOf(made.schedule, 3n)).to.equal(startAt + 3 * INTERVAL);
    const run = await triggerSchedule(keeper, made);
    expect(run).to.include({ scheduleId: made.scheduleId, keeper: stranger.address, index: 3n });
    expect(run.reward >= due.reward).to.equal(true);
    const { job } = await getOptimisticJob(keeper, run);
    expect(job.price).to.equal(PRICE);
    expect(job.nonce).to.equal(runNonceOf(made.scheduleId, 3n));
    const { jobId, index, cost, reward, transactionHash } = run;
    expect(await getRuns(keeper, made)).to.deep.equal([
      { scheduleId, jobId, keeper: stranger.address, index, cost, reward, transactionHash },
    ]);
    const receipt = await owner.provider.getTransactionReceipt(transactionHash);
    const kinds = entitiesOf(owner.addresses, [...(receipt?.logs ?? [])]).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(["offeredJob", "orderedRun"]);
  });

  it("changes, stops, resumes, tops up and ends", async () => {
    const { owner, terms, prepared, source } = await given();
    const made = await createSchedule(owner, { ...terms, ...prepared, budget: BUDGET });
    const order = { ...prepared.order, inputRoot: ZeroHash };
    const from = { source: await source.getAddress(), sourceGas: 100_000 };
    const next = await changeSchedule(owner, { ...terms, ...from, order, input: "0x", replaced: made.packed });
    expect(next.budget).to.equal(BUDGET);
    expect(unpackSchedule(next.packed)).to.include(from);
    expect((await getSchedule(owner, made)).record.state).to.equal(ScheduleState.Ended);
    const schedule = next.packed;
    await pauseSchedule(owner, { schedule });
    expect((await getSchedule(owner, next)).record.state).to.equal(ScheduleState.Paused);
    await resumeSchedule(owner, { schedule });
    await topUpSchedule(owner, { schedule, amount: 1n });
    expect((await getSchedule(owner, next)).record).to.include({ state: ScheduleState.Active, budget: BUDGET + 1n });
    await cancelSchedule(owner, { schedule });
    expect((await getSchedule(owner, next)).record).to.include({ state: ScheduleState.Ended, budget: 0n });
  });

  it("reckons with the input of a source", async () => {
    const { owner, keeper, terms, prepared, source, startAt } = await given();
    await source.give(`0x${"22".repeat(32)}`, SOURCED);
    const from = { source: await source.getAddress(), sourceGas: 100_000 };
    const order = { ...prepared.order, inputRoot: ZeroHash };
    const made = await createSchedule(owner, { ...terms, ...from, order, input: "0x", budget: BUDGET });
    await time.increaseTo(startAt + INTERVAL - 5);
    const { reward } = await getDueRun(keeper, { ...made, sourcedBytes: SOURCED.length });
    expect((await getDueRun(keeper, made)).reward < reward).to.equal(true);
    await setNextBaseFee(1n);
    expect((await triggerSchedule(keeper, made)).reward).to.equal(reward);
  });

  it("reads and sets the rules", async () => {
    const { admin } = await given();
    const rules = { ...(await getSchedulerRules(admin)), keeperCapBps: 20_000n };
    await setSchedulerRules(admin, { rules });
    expect(await getSchedulerRules(admin)).to.deep.equal(rules);
  });

  it("finds no schedule that there is not, and decodes no order of no market", async () => {
    const { owner } = await given();
    const missing = await getSchedule(owner, { scheduleId: ZeroHash }).catch((error: unknown) => error);
    expect(missing).to.be.instanceOf(NotFoundError);
    expect(() => decodeOrder("0x1234")).to.throw(RangeError);
    expect(decodeOrder(`0x${"00".repeat(224)}`)).not.to.have.property("node");
  });
});
