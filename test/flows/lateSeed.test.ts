import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { only } from "../support/actors.ts";
import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, servedByNine } from "../support/fixtures.ts";
import { each, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture, mineAtOnce, time } from "../support/network.ts";

const SEED_PERIOD = 20;

/** A disagreement in which the liar's lock was just long enough; the others have renewed theirs. */
async function disagreed() {
  const suite = await loadFixture(servedByNine);
  const { market, nodes, version } = suite;
  const liar = only(nodes.slice(5, 6));
  const { endsAt } = await market.servingOf(liar.node, version);
  const { rules } = (await TestJob.request(suite)).fields;
  await time.increaseTo(Number(endsAt - rules.horizonPeriod) - 20);
  for (const { node, signer } of nodes.filter((node) => node !== liar)) {
    await market.connect(signer).serve(node, version, OWN_STAKE, MAX_LOCK, endsAt + LOCK_PERIOD / 4n);
  }
  const job = await TestJob.request(suite, { quorum: 6 });
  await time.increase(3);
  await mineAtOnce(3);
  const seats = nodes.slice(0, 6);
  await job.answer(each(seats, [RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG]));
  await mineAtOnce(3);
  return { suite, job, seats, endsAt };
}

describe("A disagreement to which nobody comes back for long, on a chain of few blocks", () => {
  it("is not appealed when the liar's lock is over, because nobody would pay the appeal [T066 I17]", async () => {
    const { suite, job, seats, endsAt } = await disagreed();
    await time.increaseTo(endsAt);
    await expect(job.advance(seats))
      .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
      .withArgs(job.jobId, JobState.Open, JobState.Undecided);
  });

  it("is appealed until a seed period after the time to reveal, and not a second longer [T048]", async () => {
    const { suite, job, seats } = await disagreed();
    const { sealEndsAt, revealPeriod } = await job.round();
    const late = sealEndsAt + revealPeriod + SEED_PERIOD;
    await time.setNextBlockTimestamp(late);
    await expect(job.advance(seats))
      .to.be.revertedWithCustomError(suite.market, "MarketNotDue")
      .withArgs(job.jobId, JobState.Open, JobState.Undecided);
  });
});
