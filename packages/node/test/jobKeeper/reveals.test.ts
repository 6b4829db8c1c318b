import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import { PayloadError } from "@opg-protocol/sdk";
import { id } from "ethers";

import { temporaryFolder } from "../support/folder.ts";
import { JOB, JobBench, ROOT, ROUND, SALT, SEALED } from "../support/JobBench.ts";
import { ORDERED_AT } from "../support/knownJob.ts";

const { jobId } = JOB;

describe("JobKeeper", () => {
  const folder = temporaryFolder();
  let bench: JobBench;
  beforeEach(() => {
    bench = new JobBench(folder);
  });

  describe("reveals", () => {
    const reveal = () => `reveal ${ROUND} ${ROOT} ${SALT}`;
    beforeEach(() => {
      bench.noteSeal();
      bench.setRound("sealed", SEALED);
    });

    it("not before nobody can seal any more", async () => {
      for (let seconds = 6; seconds < 20; seconds += 1) assert.equal(await bench.tend(seconds), ORDERED_AT + 20);
      assert.deepEqual(bench.sender.sent, []);
      await bench.tend(20);
      assert.deepEqual(bench.sender.sent, [reveal()]);
    });

    it("not before the last step is over where seals are missing", async () => {
      bench.setRound("sealed", { ...SEALED, sealedCount: 1 });
      assert.equal(await bench.tend(20), ORDERED_AT + 40);
      await bench.tend(39);
      assert.deepEqual(bench.sender.sent, []);
    });

    it("not before its seal has confirmations, counted anew when the chain has become shorter [T131]", async () => {
      await bench.tend(30);
      await bench.tend(31);
      await bench.tend(29);
      await bench.tend(30);
      assert.deepEqual(bench.sender.sent, []);
      await bench.tend(31);
      assert.deepEqual(bench.sender.sent, [reveal()]);
    });

    it("not when the time for it is over", async () => {
      await bench.tend(70);
      assert.equal(await bench.tend(80), "never");
      assert.deepEqual(bench.sender.sent, []);
    });

    it("what the journal has, though the model answers otherwise now [T128]", async () => {
      bench.answer = () => Promise.resolve({ outputRoot: id("another"), fault: PayloadError.None });
      await bench.tend(19);
      await bench.tend(21);
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[reveal()], 0]);
    });

    it("what it finds again, with the salt derived again, where the journal is lost [T128]", async () => {
      bench.loseJournal();
      await bench.tend(19);
      await bench.tend(21);
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[reveal()], 1]);
      assert.equal(bench.journal.seal(ROUND)?.outputRoot, ROOT);
    });

    it("and settles, when it is the last one; only reveals, when that is refused", async () => {
      bench.setRound("sealed", { ...SEALED, revealedCount: 1 });
      await bench.tend(19);
      await bench.tend(21);
      assert.deepEqual(bench.sender.sent, [`revealAndSettle ${jobId} ${ROOT} ${SALT} seat`]);
      assert.equal(bench.sender.actions[0]?.kind, "reveal");
      bench.sender.before = ({ data }) => {
        if (data.startsWith("revealAndSettle")) throw new Error("it cannot be settled yet");
      };
      await bench.tend(22);
      assert.deepEqual(bench.sender.sent.slice(1), [reveal()]);
    });
  });
});
