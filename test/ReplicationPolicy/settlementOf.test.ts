import { expect } from "chai";
import { parseEther, ZeroHash } from "ethers";

import { JobState, type Order } from "../../packages/sdk/src/codecs/job.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import type { Rules } from "../../packages/sdk/src/codecs/rules.ts";
import { Course, times } from "../support/course.ts";
import { protocol } from "../support/fixtures.ts";
import { OTHER, PRICE, RIGHT, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

type Outputs = readonly (string | null)[];

const COLLATERAL = 8n * PRICE;
/** An eighth of the collateral. */
const ABSENCE = COLLATERAL / 8n;
const FAULT = errorRoot(PayloadError.InputMalformed);

/** The word of a seat's outcome. */
const outcome = (earned: bigint, lost = 0n, shares = false) => earned | (lost << 96n) | ((shares ? 1n : 0n) << 192n);
const earns = (amount: bigint) => outcome(amount);
const earnsAndShares = (amount: bigint) => outcome(amount, 0n, true);
const loses = (amount: bigint) => outcome(0n, amount);

/** What the policy says of a job in `state` after these draws: first draw, audit, appeal. */
async function settled(
  state: JobState,
  draws: readonly Outputs[],
  order: Partial<Order> = {},
  rules: Partial<Rules> = {},
) {
  const suite = await loadFixture(protocol);
  const course = await Course.begin(suite, order, rules);
  for (const [attempt, outputs] of draws.entries()) if (outputs.length > 0) await course.draw(attempt, outputs);
  return suite.policy.settlementOf(...course.at(state), course.seats);
}

/** A first draw of two and an audit of one, which ends the job. */
async function audited() {
  const suite = await loadFixture(protocol);
  const course = await Course.begin(suite, { auditBps: 500 });
  await course.draw(0, [RIGHT, RIGHT]);
  await course.draw(1, [RIGHT]);
  const [first = "", second = "", auditor = ""] = course.seats;
  const settle = (...seats: string[]) => suite.policy.settlementOf(...course.at(JobState.Audit), seats);
  return { ...suite, course, settle, first, second, auditor };
}

describe("ReplicationPolicy.settlementOf", () => {
  context("given the seats of a job", () => {
    it("takes exactly those who sealed, draw by draw, ascending in each", async () => {
      const { settle, first, second, auditor } = await audited();
      const { outcomes } = await settle(first, second, auditor);
      expect(outcomes).to.have.length(3);
    });

    it("reverts and names how many were given and expected [I36]", async () => {
      const { settle, policy, course, first, second, auditor } = await audited();
      const wrong = [
        [[], 0, 2],
        [[first], 1, 2],
        [[first, second], 2, 3],
        [[first, second, auditor, auditor], 4, 3],
      ] as const;
      for (const [seats, given, expected] of wrong) {
        await expect(settle(...seats))
          .to.be.revertedWithCustomError(policy, "PolicyWrongSeats")
          .withArgs(course.jobId, given, expected);
      }
    });

    it("reverts and names round and node of who is out of order, twice there, or of another draw [I36]", async () => {
      const { settle, commitments, course, first, second, auditor } = await audited();
      const wrong = [
        [[second, first, auditor], 0, first],
        [[first, first, auditor], 0, first],
        [[first, auditor, second], 0, auditor],
        [[first, second, second], 1, second],
      ] as const;
      for (const [seats, attempt, node] of wrong) {
        await expect(settle(...seats))
          .to.be.revertedWithCustomError(commitments, "CommitmentsNotSealed")
          .withArgs(await course.roundId(attempt), node);
      }
    });

    it("reads the rounds of the consumer that asks, and of no other [T054]", async () => {
      const { policy, course, thief } = await audited();
      // Nobody has sealed for it.
      const [, jobId, job, record] = course.at(JobState.Open);
      await expect(policy.settlementOf(thief, jobId, job, record, course.seats))
        .to.be.revertedWithCustomError(policy, "PolicyWrongSeats")
        .withArgs(jobId, 3, 0);
    });
  });

  context("given an agreement", () => {
    it("pays the price, takes a part of the silent, and lets the others share it", async () => {
      expect(await settled(JobState.Open, [[RIGHT, null, RIGHT]])).to.deep.equal([
        BigInt(JobState.Agreed),
        true,
        RIGHT,
        2n * PRICE,
        0n,
        PRICE,
        2n,
        [earnsAndShares(PRICE), loses(ABSENCE), earnsAndShares(PRICE)],
        [],
      ]);
    });

    it("pays the auditors, who have no part in what the silent lose", async () => {
      const draws = [
        [RIGHT, RIGHT],
        [RIGHT, null, RIGHT],
      ];
      expect(await settled(JobState.Audit, draws, { auditBps: 500 })).to.deep.equal([
        BigInt(JobState.Agreed),
        true,
        RIGHT,
        4n * PRICE,
        0n,
        PRICE,
        2n,
        [...times(2, earnsAndShares(PRICE)), earns(PRICE), loses(ABSENCE), earns(PRICE)],
        [],
      ]);
    });

    it("takes all of the silent where nobody revealed in the audit", async () => {
      const draws = [
        [RIGHT, RIGHT, null],
        [null, null],
      ];
      expect(await settled(JobState.Audit, draws, { auditBps: 500 })).to.deep.equal([
        BigInt(JobState.Agreed),
        true,
        RIGHT,
        2n * PRICE,
        0n,
        3n * PRICE,
        2n,
        [...times(2, earnsAndShares(PRICE)), loses(ABSENCE), ...times(2, loses(COLLATERAL))],
        [],
      ]);
    });
  });

  context("given an agreement on an error", () => {
    it("pays a fifth of the price, and has a result but no output", async () => {
      expect(await settled(JobState.Open, [[FAULT, FAULT, null]])).to.deep.equal([
        BigInt(JobState.Refused),
        false,
        FAULT,
        (2n * PRICE) / 5n,
        0n,
        PRICE,
        2n,
        [...times(2, earnsAndShares(PRICE / 5n)), loses(ABSENCE)],
        [],
      ]);
    });
  });

  context("given too few reveals", () => {
    it("takes all of the silent, for the reveals and two prices to the requester", async () => {
      expect(await settled(JobState.Open, [[null, RIGHT, null]], { quorum: 3 })).to.deep.equal([
        BigInt(JobState.Unrevealed),
        false,
        ZeroHash,
        0n,
        0n,
        3n * PRICE,
        1n,
        [loses(COLLATERAL), earnsAndShares(0n), loses(COLLATERAL)],
        [],
      ]);
    });
  });

  context("given too few seals", () => {
    it("lets everybody go, whatever they revealed", async () => {
      expect(await settled(JobState.Open, [[RIGHT]])).to.deep.equal([
        BigInt(JobState.Unanswered),
        false,
        ZeroHash,
        0n,
        0n,
        0n,
        0n,
        [outcome(0n)],
        [],
      ]);
    });
  });

  context("given an appeal that decides", () => {
    it("pays who is right before it out of the escrow, and in it out of what the others lose", async () => {
      const draws = [
        [RIGHT, WRONG, null],
        [WRONG, RIGHT],
        [RIGHT, WRONG, RIGHT, null, RIGHT],
      ];
      expect(await settled(JobState.Appeal, draws, { auditBps: 500 })).to.deep.equal([
        BigInt(JobState.Decided),
        true,
        RIGHT,
        2n * PRICE,
        5n * PRICE,
        2n * PRICE,
        3n,
        [
          earns(PRICE),
          loses(COLLATERAL),
          loses(COLLATERAL),
          loses(COLLATERAL),
          earns(PRICE),
          earnsAndShares(0n),
          loses(COLLATERAL),
          earnsAndShares(0n),
          loses(COLLATERAL),
          earnsAndShares(0n),
        ],
        [],
      ]);
    });

    it("has no output if it decides on an error", async () => {
      const { state, hasOutput, outputRoot } = await settled(JobState.Appeal, [[RIGHT, FAULT], [], times(3, FAULT)]);
      expect([state, hasOutput, outputRoot]).to.deep.equal([BigInt(JobState.Decided), false, FAULT]);
    });
  });

  context("given an appeal that does not decide", () => {
    it("pays each reveal a fee, and takes all of who was silent in the appeal alone", async () => {
      const fee = PRICE / 2n;
      expect(await settled(JobState.Appeal, [[RIGHT, WRONG, null], [], [RIGHT, WRONG, null]])).to.deep.equal([
        BigInt(JobState.Undecided),
        false,
        ZeroHash,
        4n * fee,
        0n,
        0n,
        0n,
        [earns(fee), earns(fee), outcome(0n), earns(fee), earns(fee), loses(COLLATERAL)],
        [],
      ]);
    });

    it("pays no more than the escrow holds for seats, in equal parts", async () => {
      // Nine prices in escrow, against fourteen fees of three quarters.
      const appeal = [...times(4, RIGHT), ...times(4, WRONG), ...times(4, OTHER)];
      const rules = { noResultFeeBps: 7_500n, appealSize: 9n };
      const seatPrice = parseEther("1") + 1n;
      const { pay, outcomes } = await settled(JobState.Appeal, [[RIGHT, WRONG], [], appeal], { seatPrice }, rules);
      const part = (9n * seatPrice) / 14n;
      expect(pay).to.equal(14n * part);
      expect(outcomes).to.deep.equal(times(14, earns(part)));
    });
  });

  context("given a job that cannot end", () => {
    it("reverts and names where it can go", async () => {
      const suite = await loadFixture(protocol);
      const course = await Course.begin(suite, {});
      const early = suite.policy.settlementOf(...course.at(JobState.Open), []);
      await expect(early)
        .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
        .withArgs(course.jobId, JobState.Open, JobState.Open);
      await course.draw(0, [RIGHT, WRONG]);
      await expect(suite.policy.settlementOf(...course.at(JobState.Open), course.seats))
        .to.be.revertedWithCustomError(suite.policy, "PolicyNotFinal")
        .withArgs(course.jobId, JobState.Open, JobState.Appeal);
    });
  });
});
