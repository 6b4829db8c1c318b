import { expect } from "chai";

import { getNextStep, getStatement, JobState } from "../../packages/sdk/src/index.ts";
import { clientOf } from "../support/clients.ts";
import { each } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";
import { at } from "../support/toyModel.ts";
import { HONEST, LYING, refereedByThree, refute, requestDisputable, windowEndOf } from "../support/refereed.ts";

describe("The SDK on a job that a referee can judge", () => {
  it("waits while answers can be disputed, and then settles", async () => {
    const suite = await loadFixture(refereedByThree);
    const client = await clientOf(suite);
    const seats = suite.nodes.slice(0, 2);
    const job = await (await requestDisputable(suite)).open();
    const step = async () => getNextStep(client, { job: job.packed });
    expect((await step()).step).to.equal("advance");
    await job.answer(each(seats, [LYING.outputRoot, HONEST.outputRoot]));
    expect((await step()).step).to.equal("wait");
    const [liar] = seats;
    const { statement } = await getStatement(client, {
      roundId: await job.roundId(),
      node: at(seats, 0).node,
      outputRoot: LYING.outputRoot,
    });
    expect(statement).to.deep.include({ jobId: job.jobId, attempt: 0, consumer: await suite.market.getAddress() });
    if (liar === undefined) throw new Error("There is a liar");
    await refute(job, { liar, outputRoot: LYING.outputRoot }, [suite.stranger]);
    await time.increaseTo(await windowEndOf(job));
    expect(await step()).to.deep.equal({ step: "settle", state: JobState.Open, next: JobState.Decided });
    await job.settle(seats);
    expect((await step()).step).to.equal("none");
  });

  it("expires when nobody answers", async () => {
    const suite = await loadFixture(refereedByThree);
    const client = await clientOf(suite);
    const job = await (await requestDisputable(suite)).open();
    await time.increase(1_000);
    expect(await getNextStep(client, { job: job.packed })).to.deep.include({ step: "expire" });
  });
});
