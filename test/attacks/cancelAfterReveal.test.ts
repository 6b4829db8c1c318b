import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { servedByThree } from "../support/fixtures.ts";
import { each, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

/** Blocks from a request to the one that seeds its first draw. */
const SEED_DELAY = 2n;

/** A first draw in which a node of the requester's stays silent, so that the next seed needs a block to be fixed. */
async function revealed(outputs: readonly (string | null)[], auditBps: number) {
  const suite = await loadFixture(servedByThree);
  const job = await (await TestJob.request(suite, { auditBps })).open();
  await job.answer(each(suite.nodes, outputs));
  await job.endRevealing();
  return { suite, job, market: suite.market.connect(suite.requester) };
}

describe("A requester that has seen the outputs and wants its money back", () => {
  for (const { kind, outputs, auditBps } of [
    { kind: "an audit", outputs: [RIGHT, RIGHT, null], auditBps: 1 },
    { kind: "an appeal", outputs: [RIGHT, WRONG, null], auditBps: 0 },
  ]) {
    context(`when the block that seeds ${kind} was just fixed and is not mined`, () => {
      it("cannot cancel any more, for the nodes have their seats [T085]", async () => {
        const { suite, job, market } = await revealed(outputs, auditBps);
        await market.advance(job.packed, []);
        const lastBlock = BigInt(job.fields.requestBlock) + SEED_DELAY;

        await expect(market.cancel(job.packed))
          .to.be.revertedWithCustomError(market, "MarketTooLateToCancel")
          .withArgs(job.jobId, lastBlock);
        expect(await job.state()).to.equal(JobState.Open);
        const [node] = suite.nodes;
        expect((await market.servingOf(node?.node ?? "", suite.version)).used).to.be.above(0n);
      });
    });
  }

  it("cannot fix that block and cancel in one transaction either [T085]", async () => {
    const { job, market } = await revealed([RIGHT, RIGHT, null], 1);
    const calls = [
      market.interface.encodeFunctionData("advance", [job.packed, []]),
      market.interface.encodeFunctionData("cancel", [job.packed]),
    ];
    await expect(market.multicall(calls)).to.be.revertedWithCustomError(market, "MarketTooLateToCancel");
  });
});
