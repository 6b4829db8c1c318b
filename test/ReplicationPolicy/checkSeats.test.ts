import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { Course } from "../support/course.ts";
import { protocol } from "../support/fixtures.ts";
import { RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

/** A first draw of two and an audit of one. */
async function audited() {
  const suite = await loadFixture(protocol);
  const course = await Course.begin(suite, { auditBps: 500 });
  await course.draw(0, [RIGHT, RIGHT]);
  await course.draw(1, [WRONG]);
  const [first = "", second = "", auditor = ""] = course.seats;
  const check = (...seats: string[]) => suite.policy.checkSeats(...course.at(JobState.Audit), seats);
  return { ...suite, course, check, first, second, auditor };
}

describe("ReplicationPolicy.checkSeats", () => {
  it("takes exactly those who sealed, draw by draw, ascending in each", async () => {
    const { check, first, second, auditor } = await audited();
    await check(first, second, auditor);
  });

  it("reverts and names how many were given and expected [I36]", async () => {
    const { check, policy, course, first, second, auditor } = await audited();
    const wrong = [
      [[], 0, 2],
      [[first], 1, 2],
      [[first, second], 2, 3],
      [[first, second, auditor, auditor], 4, 3],
    ] as const;
    for (const [seats, given, expected] of wrong) {
      await expect(check(...seats))
        .to.be.revertedWithCustomError(policy, "PolicyWrongSeats")
        .withArgs(course.jobId, given, expected);
    }
  });

  it("reverts and names round and node of who is out of order, twice there, or of another draw [I36]", async () => {
    const { check, commitments, course, first, second, auditor } = await audited();
    const wrong = [
      [[second, first, auditor], 0, first],
      [[first, first, auditor], 0, first],
      [[first, auditor, second], 0, auditor],
      [[first, second, second], 1, second],
    ] as const;
    for (const [seats, attempt, node] of wrong) {
      await expect(check(...seats))
        .to.be.revertedWithCustomError(commitments, "CommitmentsNotSealed")
        .withArgs(await course.roundId(attempt), node);
    }
  });

  it("reads the rounds of the consumer that asks, and of no other [T054]", async () => {
    const { policy, course, thief } = await audited();
    const [, jobId, job, record] = course.at(JobState.Audit);
    await expect(policy.checkSeats(thief, jobId, job, record, course.seats))
      .to.be.revertedWithCustomError(policy, "PolicyWrongSeats")
      .withArgs(jobId, 3, 0);
  });
});
