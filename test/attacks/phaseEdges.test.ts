import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { servedByThree } from "../support/fixtures.ts";
import { TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

/** A job of which nothing but the seed is known. */
async function opened() {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite)).open();
  const [first, second, third] = suite.nodes;
  if (first === undefined || second === undefined || third === undefined) throw new Error("Too few nodes");
  return { ...suite, job, first, second, third };
}

/** Two have sealed. */
async function sealedByTwo() {
  const suite = await opened();
  await suite.job.commit(suite.first);
  await suite.job.commit(suite.second);
  return { ...suite, round: await suite.job.round() };
}

describe("Somebody who acts on the very second between two phases", () => {
  it("can still seal in the last second of a step, and not reveal [T042 T059 I21]", async () => {
    const { commitments, job, first, third, round } = await sealedByTwo();
    await time.setNextBlockTimestamp(round.sealEndsAt - 1);
    await job.commit(third);
    await time.setNextBlockTimestamp(round.sealEndsAt - 1);
    await expect(job.reveal(first))
      .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooEarly")
      .withArgs(await job.roundId(), round.sealEndsAt);
  });

  it("can reveal from the next second on, and not seal [T042 T059 I21]", async () => {
    const { commitments, job, first, third, round } = await sealedByTwo();
    await time.setNextBlockTimestamp(round.sealEndsAt);
    await job.reveal(first);
    await time.setNextBlockTimestamp(round.sealEndsAt);
    await expect(job.commit(third))
      .to.be.revertedWithCustomError(commitments, "CommitmentsSealingOver")
      .withArgs(await job.roundId(), round.sealEndsAt);
  });

  it("is in time with a reveal one second before the end, while nobody can end the job [T059 I21]", async () => {
    const { policy, job, first, second, round } = await sealedByTwo();
    const end = round.sealEndsAt + round.revealPeriod;
    await time.setNextBlockTimestamp(end - 1);
    await job.reveal(first);
    await time.setNextBlockTimestamp(end - 1);
    await expect(job.settle([first, second]))
      .to.be.revertedWithCustomError(policy, "PolicyNotFinal")
      .withArgs(job.jobId, JobState.Open, JobState.Open);
    await time.setNextBlockTimestamp(end - 1);
    await job.reveal(second);
    await time.setNextBlockTimestamp(end - 1);
    await job.settle([first, second]);
    expect(await job.state()).to.equal(JobState.Agreed);
  });

  it("is late with a reveal in the second in which anybody can end the job [T059 I10 I21]", async () => {
    const { commitments, job, first, second, round } = await sealedByTwo();
    const end = round.sealEndsAt + round.revealPeriod;
    await time.increaseTo(round.sealEndsAt);
    await job.reveal(first);
    await time.setNextBlockTimestamp(end);
    await expect(job.reveal(second))
      .to.be.revertedWithCustomError(commitments, "CommitmentsRevealTooLate")
      .withArgs(await job.roundId(), end);
    await time.setNextBlockTimestamp(end);
    await job.settle([first, second]);
    expect(await job.state()).to.equal(JobState.Unrevealed);
  });

  it("can take the last missing seat until the job can expire, and not in that second [T059 I10]", async () => {
    const { market, policy, job, first, second } = await opened();
    await job.commit(first);
    const { lastSealEndsAt: end } = await job.round();
    await time.setNextBlockTimestamp(end - 1);
    await expect(job.expire([first]))
      .to.be.revertedWithCustomError(policy, "PolicyNotFinal")
      .withArgs(job.jobId, JobState.Open, JobState.Open);
    await time.setNextBlockTimestamp(end);
    await expect(job.commit(second))
      .to.be.revertedWithCustomError(market, "MarketSealingOver")
      .withArgs(job.jobId, end);
    await time.setNextBlockTimestamp(end);
    await job.expire([first]);
    expect(await job.state()).to.equal(JobState.Unanswered);
  });
});
