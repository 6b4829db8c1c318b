import { expect } from "chai";

import { JobState, unpackRecord } from "../../packages/sdk/src/codecs/job.ts";
import { servedByThree } from "../support/fixtures.ts";
import { PRICE, RIGHT, TestJob } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

describe("A job on which all agree", () => {
  it("is settled by a stranger at once and pays each node its price", async () => {
    const suite = await loadFixture(servedByThree);
    const job = await (await TestJob.request(suite)).open();
    const seats = suite.nodes.slice(0, 2);
    await job.answer(new Map(seats.map((node) => [node, RIGHT])));

    await job.settle(seats);

    const [record] = await suite.market.jobOf(job.jobId);
    expect(unpackRecord(record).state).to.equal(JobState.Agreed);
    for (const { node } of seats) {
      const { earned, used } = await suite.market.servingOf(node, suite.version);
      expect([earned, used]).to.deep.equal([PRICE, 0n]);
    }
  });
});
