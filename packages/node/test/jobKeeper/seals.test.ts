import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import { JobState, PayloadError, isDrawn } from "@opg-protocol/sdk";
import { id } from "ethers";

import { temporaryFolder } from "../support/folder.ts";
import { JOB, JobBench, NODE, ROOT, ROUND, SALT, SEALED, sealOf } from "../support/JobBench.ts";
import { BLOCK, HORIZON, knownJob, openRecord, ORDERED_AT, SEED_BLOCK, VERSION } from "../support/knownJob.ts";

const { jobId } = JOB;

describe("JobKeeper", () => {
  const folder = temporaryFolder();
  let bench: JobBench;
  beforeEach(() => {
    bench = new JobBench(folder);
  });

  it("seals its answer, which is in the journal before it is sent, and keeps gas for the reveal [T128]", async () => {
    bench.sender.before = () => {
      assert.deepEqual(bench.journal.seal(ROUND), { roundId: ROUND, jobId, attempt: 0, outputRoot: ROOT, salt: SALT });
    };
    assert.equal(await bench.tend(5), ORDERED_AT + 6);
    assert.deepEqual(bench.sender.sent, [sealOf(ROOT)]);
    assert.equal(bench.sender.actions[0]?.reserve, 70_000n);
  });

  describe("keeps away", () => {
    const staysAway = async (seconds = 5, of = JOB) => {
      await bench.tend(seconds, of);
      assert.deepEqual([bench.sender.sent, bench.journal.sealsOf(jobId), bench.answersAsked], [[], [], 0]);
    };

    it("when it is not drawn", async () => {
      bench.chain.weightsNow = { weight: 0n, total: 1n };
      assert.equal(await bench.tend(5), ORDERED_AT + HORIZON);
      await staysAway();
    });

    it("below its floor price [T028]", async () => {
      await staysAway(5, knownJob({ seatPrice: 4n }));
    });

    it("from a version that it does not offer", async () => {
      bench.offers.quarantine(VERSION, "why");
      await staysAway();
    });

    it("when its lock has no room for the collateral [T028]", async () => {
      bench.chain.servingNow = { ...bench.chain.servingNow, used: 1n };
      await staysAway();
    });

    it("when its lock ends before the job can be over", async () => {
      bench.chain.servingNow = { ...bench.chain.servingNow, endsAt: ORDERED_AT + 5 + HORIZON - 1 };
      await staysAway();
    });

    it("when all seats are taken", async () => {
      bench.setRound("none", { ...SEALED, sealedCount: 9 });
      await staysAway();
    });

    it("when sealing is over", async () => {
      await staysAway(40);
      bench.setRound("none", { ...SEALED, sealEndsAt: ORDERED_AT + 5 });
      await staysAway();
    });

    it("when the other provider knows another block, or none [T132 D06]", async () => {
      for (const hash of [id("another block"), undefined]) {
        bench.start({ witness: { blockHash: () => Promise.resolve(hash) } });
        await staysAway();
      }
      bench.start({ witness: { blockHash: () => Promise.resolve(id("its block")) } });
      await bench.tend(5);
      assert.deepEqual(bench.sender.sent, [sealOf(ROOT)]);
    });

    it("from an audit of a job in which it sat", async () => {
      bench.noteSeal();
      bench.chain.setRecord(openRecord({ state: JobState.Audit, startedAt: ORDERED_AT }));
      await bench.tend(5);
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[], 0]);
    });

    it("when it cannot answer [T056]", async () => {
      bench.answer = () => Promise.reject(new Error("out of memory"));
      await bench.tend(5);
      assert.deepEqual([bench.sender.sent, bench.journal.sealsOf(jobId)], [[], []]);
    });
  });

  it("waits for the step of the draw in which it may sit", async () => {
    const lot = { node: NODE, weight: 1n, totalWeight: 20n, quorum: 2, seatFactorBps: 15_000n };
    let seed = 1n;
    while (isDrawn({ ...lot, seed, step: 1 }) || !isDrawn({ ...lot, seed, step: 2 })) seed += 1n;
    bench.chain.weightsNow = { weight: 1n, total: 25n };
    bench.chain.setRecord(openRecord({ seed }), 5n); // those that sat before weigh 5
    assert.equal(await bench.tend(19), ORDERED_AT + 20);
    assert.deepEqual(bench.sender.sent, []);
    await bench.tend(20);
    assert.deepEqual(bench.sender.sent, [sealOf(ROOT)]);
  });

  it("finds a seed that nobody has recorded in the block that it comes from, as soon as that is there", async () => {
    bench.chain.setRecord(openRecord({ seed: 0n }));
    bench.chain.hashes.set(SEED_BLOCK, id("seed block"));
    assert.equal(await bench.tend(SEED_BLOCK - BLOCK), ORDERED_AT + SEED_BLOCK - BLOCK + 1);
    assert.deepEqual(bench.sender.sent, []);
    await bench.tend(5);
    assert.deepEqual(bench.sender.sent, [sealOf(ROOT)]);
  });

  it("seals a round anew with what was noted first, whatever the model answers now", async () => {
    await bench.tend(5);
    bench.answer = () => Promise.resolve({ outputRoot: id("another"), fault: PayloadError.None });
    bench.start();
    await bench.tend(6); // the first seal has not come to the chain, or a reorganisation took it away
    assert.deepEqual(bench.sender.sent, [sealOf(ROOT), sealOf(ROOT)]);
    assert.equal(bench.answersAsked, 1);
  });

  it("does not seal again what is sealed", async () => {
    await bench.tend(5);
    bench.setRound("sealed", SEALED);
    for (let seconds = 6; seconds < 20; seconds += 1) await bench.tend(seconds);
    bench.setRound("revealed", SEALED);
    for (let seconds = 6; seconds < 20; seconds += 1) await bench.tend(seconds);
    assert.deepEqual(bench.sender.sent, [sealOf(ROOT)]);
  });
});
