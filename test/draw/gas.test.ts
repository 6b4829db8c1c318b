import { expect } from "chai";
import { getBytes, type ContractTransactionResponse } from "ethers";

import { crowd } from "../support/crowd.ts";
import { drawnFor } from "../support/draws.ts";
import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, served, type Served } from "../support/fixtures.ts";
import { TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

const aloneServing = () => served(1);
const tenServing = () => served(10);
const tenThousandServing = () => crowd(10_000);

/** A cold slot, and what it takes to find and compare it. */
const LOOK_UP_GAS = 2_600;

/** What a transaction used beside its bytes, of which zeros are cheaper. */
async function gasOf(transaction: ContractTransactionResponse): Promise<number> {
  const receipt = await transaction.wait();
  const bytes = getBytes(transaction.data).reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
  return Number(receipt?.gasUsed) - bytes;
}

/** What the first seal of a new job costs one that is drawn for it. Of ten nodes, all are. */
async function gasOfCommit(suite: Served): Promise<number> {
  const job = await (await TestJob.request(suite, { quorum: 15 })).open();
  const weights = new Map(suite.nodes.map((operator) => [operator, OWN_STAKE]));
  const [first] = await drawnFor(job, weights, BigInt(suite.nodes.length) * OWN_STAKE);
  if (first === undefined) throw new Error("Nobody was drawn");
  return gasOf(await job.commit(first));
}

describe("The gas of InferenceMarketplace.commit", () => {
  it("is the same with 1, 10 and 10,000 nodes", async () => {
    const alone = await gasOfCommit(await loadFixture(aloneServing));
    const amongTen = await gasOfCommit(await loadFixture(tenServing));
    const amongTenThousand = await gasOfCommit(await loadFixture(tenThousandServing));
    expect([amongTen, amongTenThousand]).to.deep.equal([alone, alone]);
  }).timeout(120_000); // ten thousand nodes take 8 seconds to write

  context("given weights that changed after the time at which a job weighs them", () => {
    it("grows by at most one look-up when the history doubles", async () => {
      const suite = await loadFixture(tenServing);
      const short = await gasWithHistory(suite, 16);
      const long = await gasWithHistory(suite, 256);
      const doublings = Math.log2(256 / 16);
      expect(long - short).to.be.within(1, doublings * LOOK_UP_GAS);
    });
  });
});

/** The same after somebody has changed its weight so often, the last time just before the request. */
async function gasWithHistory(suite: Served, changes: number): Promise<number> {
  const { market, version } = suite;
  const [busy, ...others] = suite.nodes;
  if (busy === undefined) throw new Error("Nobody serves");
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  for (let i = 0; i < changes; i += 1) {
    await time.increase(1);
    const weight = OWN_STAKE - BigInt(i % 2);
    await market.connect(busy.signer).serve(busy.node, version, weight, MAX_LOCK, endsAt);
  }
  return gasOfCommit({ ...suite, nodes: others });
}
