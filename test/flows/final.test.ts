import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import type { Operator } from "../support/actors.ts";
import { servedByNine, servedByThree, type Served } from "../support/fixtures.ts";
import { all, each, OTHER, RIGHT, SALT, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, ledgerOf } from "../support/ledger.ts";
import { loadFixture, time } from "../support/network.ts";

interface Ended {
  readonly suite: Served;
  readonly job: TestJob;
  readonly draws: readonly (readonly Operator[])[];
}

/** A job for two that three nodes answered so. */
async function answered(outputs: readonly (string | null)[]): Promise<Ended> {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite)).open();
  const seats = suite.nodes.slice(0, outputs.length);
  await job.answer(each(seats, outputs));
  if (outputs.includes(null)) await job.endRevealing();
  await job.settle(seats);
  return { suite, job, draws: [seats] };
}

/** A job for six on which answers differed, and whose appeal said so. */
async function appealed(outputs: readonly string[]): Promise<Ended> {
  const suite = await loadFixture(servedByNine);
  const job = await (await TestJob.request(suite, { quorum: 6 })).open();
  const [seats, fresh] = [suite.nodes.slice(0, 6), suite.nodes.slice(6)];
  await job.answer(new Map([...all(seats.slice(0, 5)), ...all(seats.slice(5), WRONG)]));
  await job.beginNext(seats);
  await job.answer(each(fresh, outputs), 2);
  await job.settle(seats, fresh);
  return { suite, job, draws: [seats, fresh] };
}

async function unanswered(): Promise<Ended> {
  const suite = await loadFixture(servedByThree);
  const job = await TestJob.request(suite);
  await time.increase(20);
  await job.expire();
  return { suite, job, draws: [] };
}

async function cancelled(): Promise<Ended> {
  const suite = await loadFixture(servedByThree);
  const job = await TestJob.request(suite);
  await suite.market.connect(suite.requester).cancel(job.packed);
  return { suite, job, draws: [] };
}

const FAULT = errorRoot(PayloadError.InputMissing);
const ENDS: readonly [name: keyof typeof JobState, reach: () => Promise<Ended>][] = [
  ["Agreed", () => answered([RIGHT, RIGHT])],
  ["Decided", () => appealed([RIGHT, RIGHT, RIGHT])],
  ["Refused", () => answered([FAULT, FAULT])],
  ["Undecided", () => appealed([RIGHT, WRONG, OTHER])],
  ["Unrevealed", () => answered([RIGHT, null])],
  ["Unanswered", unanswered],
  ["Cancelled", cancelled],
];

for (const [name, reach] of ENDS) {
  describe(`A job that ended as ${name}`, () => {
    it("cannot move again, whoever calls what, however late [T067 T082 I07]", async () => {
      const { suite, job, draws } = await reach();
      const { market, requester, nodes } = suite;
      const operator = nodes.at(-1);
      if (operator === undefined) throw new Error("nobody serves");
      expect(await job.state()).to.equal(JobState[name]);
      const before = await ledgerOf(suite);
      const { record } = await market.jobOf(job.jobId);

      const calls = [
        () => job.settle(...draws),
        () => job.expire(...draws),
        () => job.advance(...draws),
        () => job.commit(operator),
        () => market.connect(operator.signer).revealAndSettle(job.packed, operator.node, RIGHT, SALT, []),
        () => market.connect(requester).cancel(job.packed),
      ];
      for (const wait of [1, 90 * 86_400]) {
        await time.increase(wait);
        for (const call of calls) {
          await expect(call())
            .to.be.revertedWithCustomError(market, "MarketWrongState")
            .withArgs(job.jobId, JobState[name]);
        }
      }
      expect((await market.jobOf(job.jobId)).record).to.equal(record);
      expect(await changesSince(before, suite)).to.deep.equal({});
    });
  });
}
