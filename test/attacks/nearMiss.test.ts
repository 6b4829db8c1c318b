import { expect } from "chai";
import { toBeHex } from "ethers";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { servedByNine } from "../support/fixtures.ts";
import { all, each, PRICE, RIGHT, TestJob } from "../support/jobs.ts";
import { changesSince, earningsOf, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

/** Equal to the right output in all but the byte that an entry uses for its state. */
const NEAR = toBeHex(BigInt(RIGHT) ^ 1n, 32);
const COLLATERAL = 8n * PRICE;

describe("A node whose output differs from the right one in the lowest byte of the root", () => {
  async function decided() {
    const suite = await loadFixture(servedByNine);
    const before = await ledgerOf(suite);
    const job = await (await TestJob.request(suite, { quorum: 6 })).open();
    const seats = suite.nodes.slice(0, 6);
    const fresh = suite.nodes.slice(6);
    await job.answer(each(seats, [NEAR, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT]));
    await job.beginNext(seats);
    await job.answer(all(fresh), 2);
    await job.settle(seats, fresh);
    return { suite, job, before };
  }

  it("forces an appeal, loses its collateral there and earns nothing [T058 I35]", async () => {
    const { suite, job, before } = await decided();
    expect(await job.state()).to.equal(JobState.Decided);
    const changes = await changesSince(before, suite);
    expect(changes)
      .to.deep.include(lossOf([0], COLLATERAL))
      .and.to.deep.include(earningsOf([1, 2, 3, 4, 5], PRICE));
    expect(changes).not.to.have.property("node 0 earned");
  });

  it("has not stated the right output [T058]", async () => {
    const { suite, job } = await decided();
    const [liar] = suite.nodes;
    const round = await job.roundId();
    expect(await suite.commitments.hasStated(round, liar?.node ?? "", NEAR)).to.equal(true);
    expect(await suite.commitments.hasStated(round, liar?.node ?? "", RIGHT)).to.equal(false);
  });
});
