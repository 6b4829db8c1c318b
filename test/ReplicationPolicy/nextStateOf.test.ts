import { expect } from "chai";
import { ZeroHash } from "ethers";

import { drawSeed, isAudited } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { errorRoot, PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { Course, times } from "../support/course.ts";
import { protocol } from "../support/fixtures.ts";
import { OTHER, RIGHT, WRONG } from "../support/jobs.ts";
import { ethers, loadFixture } from "../support/network.ts";

type Outputs = readonly (string | null)[];
const FAULT = errorRoot(PayloadError.InputMissing);
const stateName = (state: JobState) => Object.keys(JobState)[state] ?? "";

describe("ReplicationPolicy.nextStateOf", () => {
  context("given a first draw of a job for two", () => {
    const cases: readonly [outputs: Outputs, next: JobState][] = [
      [[RIGHT], JobState.Unanswered],
      [[RIGHT, null], JobState.Unrevealed],
      [[WRONG, null, null], JobState.Unrevealed],
      [[null, null], JobState.Unrevealed],
      [[RIGHT, RIGHT], JobState.Agreed],
      [[RIGHT, RIGHT, null], JobState.Agreed],
      [[FAULT, FAULT], JobState.Refused],
      [[RIGHT, WRONG], JobState.Appeal],
      [[RIGHT, RIGHT, WRONG], JobState.Appeal],
      [[RIGHT, FAULT], JobState.Appeal],
    ];
    for (const [outputs, next] of cases) {
      it(`leads from ${described(outputs)} to ${stateName(next)} [T052 I35]`, async () => {
        const suite = await loadFixture(protocol);
        const course = await (await Course.begin(suite, {})).draw(0, outputs);
        const found = await suite.policy.nextStateOf(...course.at(JobState.Open));
        expect(found.next).to.equal(next);
        expect(found.awaitsSeedBlock).to.equal(false);
      });
    }

    it("waits for somebody to fix the seed's block when answers differ and one is silent", async () => {
      const suite = await loadFixture(protocol);
      const course = await (await Course.begin(suite, {})).draw(0, [RIGHT, WRONG, null]);
      expect(await suite.policy.nextStateOf(...course.at(JobState.Open))).to.deep.equal([
        BigInt(JobState.Open),
        true,
        ZeroHash,
      ]);
    });

    it("takes the seed from the block that was fixed", async () => {
      const suite = await loadFixture(protocol);
      const course = await (await Course.begin(suite, {})).draw(0, [RIGHT, WRONG, null]);
      const block = await ethers.provider.getBlock((await ethers.provider.getBlockNumber()) - 1);
      expect(await suite.policy.nextStateOf(...course.at(JobState.Open, BigInt(block?.number ?? 0)))).to.deep.equal([
        BigInt(JobState.Appeal),
        false,
        block?.hash,
      ]);
    });
  });

  context("given an audit of what two agreed on", () => {
    const cases: readonly [outputs: Outputs, next: JobState][] = [
      [[RIGHT], JobState.Agreed],
      [[RIGHT, RIGHT, null], JobState.Agreed],
      [[null], JobState.Agreed],
      [[WRONG], JobState.Appeal],
      [[FAULT], JobState.Appeal],
      [[RIGHT, WRONG], JobState.Appeal],
    ];
    for (const [outputs, next] of cases) {
      it(`leads from ${described(outputs)} to ${stateName(next)}`, async () => {
        const suite = await loadFixture(protocol);
        const course = await Course.begin(suite, { auditBps: 500 });
        await course.draw(0, [RIGHT, RIGHT]);
        await course.draw(1, outputs);
        expect((await suite.policy.nextStateOf(...course.at(JobState.Audit))).next).to.equal(next);
      });
    }
  });

  context("given an appeal of nine", () => {
    const cases: readonly [outputs: Outputs, next: JobState][] = [
      [times(6, RIGHT), JobState.Decided],
      [times(5, RIGHT), JobState.Undecided],
      [[...times(5, RIGHT), ...times(4, null)], JobState.Undecided],
      [[...times(6, RIGHT), ...times(3, null)], JobState.Decided],
      [[...times(4, RIGHT), ...times(2, WRONG)], JobState.Decided],
      [[...times(3, RIGHT), ...times(3, WRONG)], JobState.Undecided],
      [[...times(6, RIGHT), ...times(3, WRONG)], JobState.Decided],
      [[...times(5, RIGHT), ...times(4, WRONG)], JobState.Undecided],
      [[...times(2, RIGHT), ...times(2, WRONG), ...times(2, OTHER)], JobState.Undecided],
      [[...times(10, WRONG), ...times(5, RIGHT)], JobState.Decided],
    ];
    for (const [outputs, next] of cases) {
      it(`leads from ${described(outputs)} to ${stateName(next)} [T052 I35]`, async () => {
        const suite = await loadFixture(protocol);
        const course = await Course.begin(suite, {}, { appealSize: 9n });
        await course.draw(0, [RIGHT, WRONG]);
        await course.draw(2, outputs);
        expect((await suite.policy.nextStateOf(...course.at(JobState.Appeal))).next).to.equal(next);
      });
    }
  });

  context("given agreements of which half are audited", () => {
    it("tosses a coin of its own for each job, by the block after the last reveal", async () => {
      const suite = await loadFixture(protocol);
      const found = new Set<JobState>();
      for (let nonce = 0n; found.size < 2; nonce++) {
        const course = await (await Course.begin(suite, { auditBps: 5_000, nonce })).draw(0, [RIGHT, RIGHT]);
        const { next, seedHash } = await suite.policy.nextStateOf(...course.at(JobState.Open));
        const audited = isAudited(drawSeed(seedHash, course.jobId, JobState.Agreed), 5_000);
        expect(next).to.equal(audited ? JobState.Audit : JobState.Agreed);
        found.add(Number(next) as JobState);
        const [round] = await suite.commitments.roundOf(await course.roundId(0));
        const block = await ethers.provider.getBlock(Number(round >> 168n) + 2);
        expect(seedHash).to.equal(block?.hash);
      }
    });
  });
});

/** Outputs in words, for titles. */
function described(outputs: Outputs): string {
  const names = new Map<string | null, string>([
    [RIGHT, "A"],
    [WRONG, "B"],
    [OTHER, "C"],
    [FAULT, "an error"],
    [null, "silence"],
  ]);
  const counts = new Map<string, number>();
  for (const output of outputs) {
    const name = names.get(output) ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(", ");
}
