import { expect } from "chai";

import { RevealFault, type SealToSign } from "../../packages/sdk/src/codecs/commitment.ts";
import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { nth } from "../support/actors.ts";
import { servedByNine, servedByThree } from "../support/fixtures.ts";
import { each, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { loadFixture } from "../support/network.ts";

/** Two jobs that are open at once, and a node that may sit in both. */
async function twoJobs() {
  const suite = await loadFixture(servedByThree);
  const first = await TestJob.request(suite);
  const job = await (await TestJob.request(suite)).open();
  return { ...suite, suite, first, job, operator: nth(suite.nodes, 0) };
}

type TwoJobs = Awaited<ReturnType<typeof twoJobs>>;

describe("A relayer that lies", () => {
  const elsewhere: Readonly<Record<string, (given: TwoJobs) => Partial<SealToSign> | Promise<Partial<SealToSign>>>> = {
    "another job": async ({ first }) => ({ roundId: await first.roundId() }),
    "another attempt of the job": async ({ job }) => ({ roundId: await job.roundId(1) }),
    "another node": ({ nodes }) => ({ node: nth(nodes, 1).node }),
    "another commitment": ({ job, operator }) => job.seal(operator, WRONG).then((commitment) => ({ commitment })),
    "another chain": () => ({ chainId: 1n }),
    "another contract": async ({ market }) => ({ commitments: await market.getAddress() }),
  };
  for (const [where, falsify] of Object.entries(elsewhere)) {
    it(`cannot use what a node has signed for ${where} [T170]`, async () => {
      const given = await twoJobs();
      const { relay, market, commitments, thief, job, operator } = given;
      const { r, vs } = await job.signSeal(operator, await falsify(given));
      const seal = { node: operator.node, commitment: await job.seal(operator, RIGHT), r, vs };
      const roundId = await job.roundId();
      const author = await commitments.authorOf(roundId, seal.node, seal.commitment, r, vs);
      expect(author).not.to.equal(operator.signer.address);
      const args = [operator.node, author, operator.signer.address];
      await expect(relay.connect(thief).sealMany(job.packed, [seal]))
        .to.emit(relay, "SealSkipped")
        .withArgs(job.jobId, operator.node, market.interface.encodeErrorResult("MarketNotSigner", args));
      expect(await commitments.entryOf(roundId, operator.node)).to.equal(`0x${"00".repeat(32)}`);
    });
  }

  it("cannot seal again, in an appeal, what a node has signed for the first draw [T170]", async () => {
    const suite = await loadFixture(servedByNine);
    const { market, commitments, thief } = suite;
    const job = await (await TestJob.request(suite, { quorum: 6 })).open();
    const fresh = nth(suite.nodes, 8);
    const unused = await job.signSeal(fresh);
    const seats = suite.nodes.slice(0, 6);
    await job.answer(each(seats, [RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, WRONG]));
    await job.beginNext(seats);
    expect(await job.state()).to.equal(JobState.Appeal);
    const { node, commitment, r, vs } = unused;
    const author = await commitments.authorOf(await job.roundId(2), node, commitment, r, vs);
    await expect(market.connect(thief).commitSigned(job.packed, [unused]))
      .to.be.revertedWithCustomError(market, "MarketNotSigner")
      .withArgs(node, author, fresh.signer);
    const meant = await job.signSeal(fresh, {}, 2);
    await market.connect(thief).commitSigned(job.packed, [meant]);
    expect((await job.round(2)).sealedCount).to.equal(1);
  });

  it("cannot show for a node what that has not sealed [T041]", async () => {
    const { commitments, thief, job, nodes } = await twoJobs();
    const seats = nodes.slice(0, 2);
    for (const seat of seats) await job.commit(seat);
    await job.endSealing();
    const roundId = await job.roundId();
    const lie = job.shows(nth(seats, 0), WRONG);
    await expect(commitments.connect(thief).revealMany(roundId, [lie]))
      .to.emit(commitments, "RevealSkipped")
      .withArgs(roundId, lie.node, RevealFault.Mismatch);
  });
});

describe("A relayer that withholds", () => {
  it("keeps no node from its seat: the node's own seal counts, before and after [T173]", async () => {
    const { relay, thief, job, nodes } = await twoJobs();
    const [ignored, posted] = [nth(nodes, 0), nth(nodes, 1)];
    const withheld = await job.signSeal(ignored);
    await relay.connect(thief).sealMany(job.packed, [await job.signSeal(posted)]);
    await job.commit(ignored);
    await expect(relay.connect(thief).sealMany(job.packed, [withheld])).to.emit(relay, "SealSkipped");
    expect((await job.round()).sealedCount).to.equal(2);
  });

  it("keeps no node from its pay: the node's own reveal counts [T173]", async () => {
    const { relay, thief, job, nodes } = await twoJobs();
    const seats = nodes.slice(0, 2);
    await relay.connect(thief).sealMany(job.packed, await job.signSeals(seats));
    await job.endSealing();
    for (const seat of seats) await job.reveal(seat);
    await job.settle(seats);
    expect(await job.state()).to.equal(JobState.Agreed);
  });
});
