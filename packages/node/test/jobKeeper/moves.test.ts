import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import { JobState, PayloadError, drawSeed, errorRoot, isDrawn, resultOf } from "@opg-protocol/sdk";
import { id } from "ethers";

import { temporaryFolder } from "../support/folder.ts";
import { JOB, JobBench, NODE, ROOT, ROUND, SALT, SEALED, sealOf, SEED_PERIOD } from "../support/JobBench.ts";
import { HORIZON, knownJob, openRecord, ORDERED_AT, SEED_BLOCK, VERSION } from "../support/knownJob.ts";
import { IMAGE } from "../support/network.ts";

const { jobId } = JOB;

describe("JobKeeper", () => {
  const folder = temporaryFolder();
  let bench: JobBench;
  beforeEach(() => {
    bench = new JobBench(folder);
  });

  describe("when the horizon of a job is over", () => {
    it("gives up a job in which it has no stake", async () => {
      assert.equal(await bench.tend(HORIZON), "closed");
      assert.equal(bench.journal.openJob(jobId), undefined);
    });

    it("does not give up one that it has sealed", async () => {
      bench.noteSeal();
      bench.setRound("revealed", { ...SEALED, revealedCount: 2 });
      assert.notEqual(await bench.tend(HORIZON), "closed");
      assert.notEqual(bench.journal.openJob(jobId), undefined);
    });
  });

  it("moves a job on in which it has a stake, when its turn has come, and no other", async () => {
    bench.chain.stepNow = "settle";
    bench.chain.weightsNow = { weight: 0n, total: 1n };
    for (let seconds = 21; seconds < 30; seconds += 1) await bench.tend(seconds);
    assert.deepEqual(bench.sender.sent, []);
    bench.noteSeal();
    bench.setRound("revealed", { ...SEALED, revealedCount: 2 });
    await bench.tend(30);
    await bench.tend(36); // all three places have had their turn by then
    assert.ok(bench.sender.sent.length > 0);
    assert.ok(bench.sender.sent.every((call) => call === `settle ${jobId} seat`));
  });

  it("records a seed before the chain forgets it, though it may not sit yet", async () => {
    const lot = { node: NODE, weight: 1n, totalWeight: 20n, quorum: 2, seatFactorBps: 15_000n };
    const long = knownJob({ sealPeriod: 900 });
    const opensLater = (hash: string): boolean => {
      const seed = drawSeed(hash, jobId, JobState.Open);
      return !isDrawn({ ...lot, seed, step: 0 }) && isDrawn({ ...lot, seed, step: 1 });
    };
    let hash = id("seed block");
    while (!opensLater(hash)) hash = id(hash);
    bench.chain.hashes.set(SEED_BLOCK, hash);
    bench.chain.weightsNow = { weight: 1n, total: 20n };
    bench.chain.setRecord(openRecord({ seed: 0n }));
    assert.equal(await bench.tend(100, long), ORDERED_AT + SEED_PERIOD / 2);
    assert.deepEqual(bench.sender.sent, []);
    await bench.tend(500, long);
    await bench.tend(506, long);
    assert.ok(bench.sender.sent.length > 0);
    assert.ok(bench.sender.sent.every((call) => call === `advance ${jobId}`));
  });

  describe("when a job is final", () => {
    it("forgets it after some confirmations", async () => {
      bench.chain.setRecord(openRecord({ state: JobState.Agreed }));
      assert.deepEqual([await bench.tend(50), await bench.tend(51)], [ORDERED_AT + 51, ORDERED_AT + 52]);
      assert.equal(await bench.tend(52), "closed");
      assert.equal(bench.journal.openJob(jobId), undefined);
    });

    it("delivers an output that it has, or an error, if there is a tip for it and it had a stake", async () => {
      const paid = knownJob({ callback: NODE, deliveryTip: 1n });
      const outcomes = [
        { leader: await bench.outputs.put([IMAGE]), delivered: [`deliver ${jobId} tensors`] },
        { leader: errorRoot(PayloadError.InputMalformed), delivered: [`deliver ${jobId} fault`] },
        { leader: id("an output of others"), delivered: [] },
      ];
      bench.chain.setRecord(openRecord({ state: JobState.Agreed }));
      await bench.tend(41, paid);
      await bench.tend(47, paid);
      assert.deepEqual(bench.sender.sent, []);
      bench.noteSeal();
      for (const { leader, delivered } of outcomes) {
        bench.sender.actions.length = 0;
        bench.start();
        bench.setRound("revealed", SEALED, leader);
        await bench.tend(50, paid);
        await bench.tend(56, paid);
        assert.deepEqual(bench.sender.sent.slice(-1), delivered);
      }
      bench.chain.setRecord(openRecord({ state: JobState.Agreed, delivered: true }));
      bench.setRound("revealed", SEALED, outcomes[0]?.leader);
      bench.start();
      bench.sender.actions.length = 0;
      await bench.tend(60, paid);
      await bench.tend(66, paid);
      assert.deepEqual(bench.sender.sent, []);
    });

    it("does not run a version any more when an appeal found its answer wrong", async () => {
      bench.noteSeal();
      bench.chain.setRecord(openRecord({ state: JobState.Decided }));
      bench.chain.setRound(jobId, 2, "none", {}, ROOT);
      await bench.tend(50);
      assert.deepEqual(bench.offers.versions(), [VERSION]);
      bench.chain.setRound(jobId, 2, "none", {}, id("the right one"));
      await bench.tend(51);
      assert.deepEqual(bench.offers.versions(), []);
      assert.deepEqual([...bench.journal.quarantined().keys()], [VERSION]);
    });
  });

  describe("where a referee can judge", () => {
    const disputable = knownJob({ windowPeriod: 100 });

    it("keeps away from faults that it could not prove, and states the others", async () => {
      for (const fault of [PayloadError.InputMissing, PayloadError.RefusedByModel]) {
        bench.answer = () => Promise.resolve({ outputRoot: errorRoot(fault), fault });
        await bench.tend(5, disputable);
      }
      assert.deepEqual([bench.sender.sent, bench.journal.sealsOf(jobId)], [[], []]);
      const root = errorRoot(PayloadError.InputMalformed);
      bench.answer = () => Promise.resolve({ outputRoot: root, fault: PayloadError.InputMalformed });
      await bench.tend(6, disputable);
      assert.deepEqual(bench.sender.sent, [sealOf(root)]);
    });

    it("reveals without settling, and looks at the job again when the window is over", async () => {
      bench.noteSeal();
      bench.setRound("sealed", { ...SEALED, revealedCount: 1 });
      await bench.tend(19, disputable);
      await bench.tend(21, disputable);
      assert.deepEqual(bench.sender.sent, [`reveal ${ROUND} ${ROOT} ${SALT}`]);
      bench.setRound("revealed", { ...SEALED, revealedCount: 2, revealPeriod: 60, windowPeriod: 100 });
      assert.equal(await bench.tend(22, disputable), ORDERED_AT + 20 + 60 + 100);
      assert.equal(await bench.tend(300, disputable), ORDERED_AT + 305);
    });

    it("delivers what it was right with, whatever leads, and no longer runs a version it was wrong with", async () => {
      const root = await bench.outputs.put([IMAGE]);
      const paid = knownJob({ windowPeriod: 100, callback: NODE, deliveryTip: 1n });
      bench.noteSeal(0, root);
      bench.setRound("revealed", SEALED, id("a lie that leads"));
      bench.chain.setRecord(openRecord({ state: JobState.Decided, result: resultOf(root) }));
      await bench.tend(50, paid);
      await bench.tend(56, paid);
      assert.deepEqual(bench.sender.sent, [`deliver ${jobId} tensors`]);
      assert.deepEqual(bench.offers.versions(), [VERSION]);
      bench.chain.setRecord(openRecord({ state: JobState.Decided, result: resultOf(id("the right one")) }));
      await bench.tend(57, paid);
      assert.deepEqual(bench.offers.versions(), []);
    });
  });

  it("has nothing to do for a job that the chain does not know", async () => {
    bench.chain.stored = undefined;
    assert.equal(await bench.tend(5), "never");
    assert.deepEqual(bench.sender.sent, []);
  });
});
