import { expect } from "chai";

import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { nth } from "../support/actors.ts";
import { servedByNine, servedByThree } from "../support/fixtures.ts";
import { all, PRICE, RIGHT, seatsOf, TestJob, WRONG } from "../support/jobs.ts";
import { changesSince, earningsOf, expectConserved, ledgerOf, lossOf } from "../support/ledger.ts";
import { loadFixture } from "../support/network.ts";

const COLLATERAL = 8n * PRICE;

/** All seals in one call, and all salts in another one. */
async function playPacked(job: TestJob): Promise<void> {
  const pack = await job.pack(job.suite.nodes);
  await job.endPackedSealing(pack);
  await job.settlePacked(pack);
}

/** Each seal by itself, and each reveal. */
async function playRelayed(job: TestJob): Promise<void> {
  const { relay, thief, nodes } = job.suite;
  await relay.connect(thief).sealMany(job.packed, await job.signSeals(nodes));
  await job.endSealing();
  const reveals = nodes.map((node) => job.shows(node));
  await relay.connect(thief).revealAndSettle(job.packed, await job.roundId(), reveals, seatsOf(nodes));
}

async function playAlone(job: TestJob): Promise<void> {
  await job.answer(all(job.suite.nodes));
  await job.settle(job.suite.nodes);
}

describe("A job whose seals and reveals a relayer posts", () => {
  context("given a relayer that posts everything", () => {
    it("pays as one whose nodes send everything themselves, packed or not [I02]", async () => {
      const results = [];
      for (const play of [playPacked, playRelayed, playAlone]) {
        const suite = await loadFixture(servedByThree);
        const before = await ledgerOf(suite);
        const job = await (await TestJob.request(suite, { quorum: 3 })).open();
        await play(job);
        expect(await job.state()).to.equal(JobState.Agreed);
        const changes = await changesSince(before, suite);
        expectConserved(changes);
        results.push(changes);
      }
      const [first, ...others] = results;
      for (const other of others) expect(other).to.deep.equal(first);
      expect(first).to.include(earningsOf([0, 1, 2], PRICE));
    });
  });

  context("given a relayer that posts one seal, and withholds the others and all reveals", () => {
    it("ends with what the nodes send themselves", async () => {
      const suite = await loadFixture(servedByThree);
      const { relay, thief, nodes } = suite;
      const job = await (await TestJob.request(suite, { quorum: 3 })).open();
      await relay.connect(thief).sealMany(job.packed, await job.signSeals(nodes.slice(0, 1)));
      for (const node of nodes.slice(1)) await job.commit(node);
      await job.endSealing();
      for (const node of nodes) await job.reveal(node);
      await job.settle(nodes);
      expect(await job.state()).to.equal(JobState.Agreed);
    });
  });

  context("given one liar among six whose seal was relayed", () => {
    it("is appealed, and the liar pays: a signature binds as a transaction does [T052]", async () => {
      const suite = await loadFixture(servedByNine);
      const { relay, commitments, thief } = suite;
      const before = await ledgerOf(suite);
      const job = await (await TestJob.request(suite, { quorum: 6 })).open();
      const seats = suite.nodes.slice(0, 6);
      const fresh = suite.nodes.slice(6);
      const liar = nth(seats, 5);
      const lie = await job.signSeal(liar, { commitment: await job.seal(liar, WRONG) });
      const seals = await job.signSeals(seats.slice(0, 5));
      await relay.connect(thief).sealMany(job.packed, [...seals, lie]);
      await job.endSealing();
      const reveals = [...seats.slice(0, 5).map((node) => job.shows(node)), job.shows(liar, WRONG)];
      await commitments.connect(thief).revealMany(await job.roundId(), reveals);
      await job.beginNext(seats);
      await relay.connect(thief).sealMany(job.packed, await job.signSeals(fresh, RIGHT, 2));
      await job.endSealing(2);
      const shown = fresh.map((node) => job.shows(node));
      await relay.connect(thief).revealAndSettle(job.packed, await job.roundId(2), shown, seatsOf(seats, fresh));
      expect(await job.state()).to.equal(JobState.Decided);
      expect(await changesSince(before, suite)).to.include({ staking: -COLLATERAL, ...lossOf([5], COLLATERAL) });
    });
  });
});
