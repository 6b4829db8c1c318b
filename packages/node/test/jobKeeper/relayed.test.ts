import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import { JobState, resultOf } from "@opg-protocol/sdk";

import type { HandedIn } from "../../dist/relay/Relays.js";
import { isOwed } from "../../dist/send/Budget.js";
import { temporaryFolder } from "../support/folder.ts";
import { after, JOB, JobBench, NODE, ROOT, ROUND, SALT, SEALED, sealOf } from "../support/JobBench.ts";
import { BLOCK, knownJob, openRecord, ORDERED_AT } from "../support/knownJob.ts";
import { IMAGE } from "../support/network.ts";

const { jobId } = JOB;

describe("JobKeeper", () => {
  const folder = temporaryFolder();
  let bench: JobBench;
  beforeEach(() => {
    bench = new JobBench(folder);
  });

  describe("with a relayer", () => {
    let handedIn: string[];
    let outcome: HandedIn;
    beforeEach(() => {
      handedIn = [];
      outcome = "taken";
      const take = (...words: readonly string[]) => {
        handedIn.push(words.join(" "));
        return Promise.resolve(outcome);
      };
      bench.start({
        relays: {
          offerSeal: (of, round, commitment) => take("seal", of.jobId, round, commitment),
          offerReveal: (of, round, root, given) => take("reveal", of.jobId, round, root, given),
        },
      });
    });

    it("leaves its seal to it, and sends it in time where nobody has posted it [T173]", async () => {
      assert.equal(await bench.tend(5), ORDERED_AT + 7);
      assert.deepEqual(handedIn, [`seal ${jobId} ${ROUND} ${ROUND}+${ROOT}+${SALT}`]);
      assert.deepEqual(bench.sender.sent, []);
      assert.deepEqual(bench.journal.seal(ROUND)?.outputRoot, ROOT);
      await bench.tend(7);
      assert.deepEqual(bench.sender.sent, [sealOf(ROOT)]);
    });

    it("has the last three tenths for that of each step, the widened ones too", async () => {
      assert.equal(await bench.tend(22), ORDERED_AT + 27);
      assert.deepEqual(bench.sender.sent, []);
      await bench.tend(28);
      assert.deepEqual(bench.sender.sent, [sealOf(ROOT)]);
    });

    it("sends its seal at once where no relayer takes it", async () => {
      outcome = "refused";
      assert.equal(await bench.tend(5), ORDERED_AT + 6);
      assert.deepEqual([handedIn.length, bench.sender.sent], [1, [sealOf(ROOT)]]);
    });

    it("hands in no seal that it could not reveal by itself", async () => {
      bench.sender.isRich = false;
      await bench.tend(5);
      assert.deepEqual([handedIn, bench.sender.sent], [[], [sealOf(ROOT)]]);
      // A reveal, and before it nine seals that somebody has to unpack.
      assert.equal(bench.sender.gasAsked, 70_000n + 60_000n + 9n * 27_000n);
    });

    it("shows nothing before nobody can seal any more, leaves its reveal to it, and sends it in time [T173]", async () => {
      bench.noteSeal();
      bench.setRound("sealed", SEALED);
      for (let seconds = 6; seconds < 20; seconds += 1) await bench.tend(seconds);
      assert.deepEqual(handedIn, []);
      assert.equal(await bench.tend(20), ORDERED_AT + 20 + 15);
      assert.deepEqual(handedIn, [`reveal ${jobId} ${ROUND} ${ROOT} ${SALT}`]);
      assert.deepEqual(bench.sender.sent, []);
      await bench.tend(35);
      assert.deepEqual(bench.sender.sent, [`reveal ${ROUND} ${ROOT} ${SALT}`]);
    });

    it("hands in its reveal again where the relayer's chain is behind, and sends it in time", async () => {
      outcome = "early";
      bench.noteSeal();
      bench.setRound("sealed", SEALED);
      await bench.tend(18);
      assert.equal(await bench.tend(20), ORDERED_AT + 21);
      await bench.tend(21);
      assert.equal(handedIn.length, 2);
      assert.deepEqual(bench.sender.sent, []);
      await bench.tend(35);
      assert.equal(handedIn.length, 2);
      assert.deepEqual(bench.sender.sent, [`reveal ${ROUND} ${ROOT} ${SALT}`]);
    });

    it("reveals at once where no relayer takes it", async () => {
      outcome = "refused";
      bench.noteSeal();
      bench.setRound("sealed", SEALED);
      await bench.tend(18);
      await bench.tend(20);
      assert.deepEqual(bench.sender.sent, [`reveal ${ROUND} ${ROOT} ${SALT}`]);
    });
  });

  describe("where a relayer has packed seals", () => {
    const unpack = () => `unpack ${ROUND}`;
    const kinds = () => bench.sender.actions.map(({ kind }) => kind);

    it("unpacks those of others to sit with them, without asking a relayer, and then seals [T178]", async () => {
      const refused = () => Promise.reject(new Error("it cannot post that"));
      bench.start({ relays: { offerSeal: refused, offerReveal: refused } });
      bench.chain.setPacked(jobId, "none", SEALED);
      assert.equal(await bench.tend(5), ORDERED_AT + 6);
      assert.deepEqual([bench.sender.sent, kinds()], [[unpack()], ["unpack"]]);
      assert.equal(bench.journal.seal(ROUND)?.outputRoot, ROOT);
      bench.start();
      bench.setRound("none", SEALED);
      await bench.tend(6);
      assert.deepEqual(bench.sender.sent.slice(1), [sealOf(ROOT)]);
    });

    it("goes on where somebody else was faster", async () => {
      bench.chain.setPacked(jobId, "none", SEALED);
      bench.sender.before = () => {
        throw new Error("CommitmentsOtherPack");
      };
      assert.equal(await bench.tend(5), ORDERED_AT + 6);
    });

    it("unpacks none that are full, or when sealing is over", async () => {
      bench.chain.setPacked(jobId, "none", { ...SEALED, sealedCount: 9 });
      await bench.tend(5);
      bench.chain.setPacked(jobId, "none", SEALED);
      await bench.tend(20);
      assert.deepEqual(bench.sender.sent, []);
    });

    it("does not seal again what is among them", async () => {
      bench.noteSeal();
      bench.chain.setPacked(jobId, "sealed", SEALED);
      for (let seconds = 6; seconds < 20; seconds += 1) assert.equal(await bench.tend(seconds), ORDERED_AT + 20);
      assert.deepEqual(bench.sender.sent, []);
    });

    it("unpacks them in its turn, or when half of the time is over, and reveals; whatever the budget says [T178]", async () => {
      bench.noteSeal();
      bench.chain.setPacked(jobId, "sealed", SEALED);
      await bench.tend(18);
      await bench.tend(20);
      await bench.tend(26); // all three places have had their turn by then
      assert.ok(bench.sender.sent.length > 0);
      assert.ok(bench.sender.sent.every((call) => call === unpack()));
      assert.ok(kinds().every(isOwed));
      bench.setRound("sealed", SEALED);
      bench.sender.actions.length = 0;
      await bench.tend(27);
      assert.deepEqual(bench.sender.sent, [`reveal ${ROUND} ${ROOT} ${SALT}`]);

      const turnOf = (block: number) => ({ ...after(block), number: BLOCK + 48 }); // the chain does not grow
      bench.sender.actions.length = 0;
      bench.start();
      bench.chain.setPacked(jobId, "sealed", SEALED);
      await bench.look({ ...turnOf(48), number: BLOCK + 46 });
      await bench.look(turnOf(50));
      assert.deepEqual(bench.sender.sent, [unpack()]);
    });

    it("counts the blocks to its turn anew in a job that it had forgotten", async () => {
      bench.noteSeal();
      const first = BLOCK + 46;
      const show = (number: number) => bench.look({ ...after(40), number });
      bench.chain.setPacked(jobId, "sealed", SEALED);
      for (const number of [first, first + 1, first + 2]) await show(number);
      assert.deepEqual(bench.sender.sent, []); // its place is not the first one
      bench.chain.setRecord(openRecord({ state: JobState.Agreed }));
      for (const number of [first + 20, first + 22]) await show(number);
      assert.equal(bench.journal.openJob(jobId), undefined);
      bench.chain.setRecord(openRecord());
      for (const number of [first + 30, first + 31, first + 32]) await show(number);
      assert.deepEqual(bench.sender.sent, []);
      for (const number of [first + 33, first + 34, first + 35, first + 36]) await show(number);
      assert.deepEqual(new Set(bench.sender.sent), new Set([unpack()]));
    });

    it("moves them on when the time to reveal is over, though its own seal is not among them", async () => {
      bench.noteSeal();
      bench.chain.weightsNow = { weight: 0n, total: 1n };
      bench.chain.setPacked(jobId, "none", SEALED);
      assert.equal(await bench.tend(30), ORDERED_AT + 80);
      bench.chain.stepNow = "unpack";
      await bench.tend(80);
      await bench.tend(86);
      assert.ok(bench.sender.sent.length > 0);
      assert.ok(bench.sender.sent.every((call) => call === unpack()));
      assert.deepEqual(new Set(kinds()), new Set(["unpack"]));
      assert.equal(isOwed("unpack"), false);
    });

    it("delivers what a job ended with while they were packed", async () => {
      const root = await bench.outputs.put([IMAGE]);
      const paid = knownJob({ callback: NODE, deliveryTip: 1n });
      bench.noteSeal(0, root);
      bench.chain.setPacked(jobId, "sealed", SEALED);
      bench.chain.setRecord(openRecord({ state: JobState.Agreed, result: resultOf(root) }));
      await bench.tend(50, paid);
      await bench.tend(56, paid);
      assert.deepEqual(bench.sender.sent.slice(-1), [`deliver ${jobId} tensors`]);
      bench.chain.setRecord(openRecord({ state: JobState.Agreed, result: resultOf(root), delivered: true }));
      await bench.tend(57, paid);
      assert.equal(await bench.tend(60, paid), "closed");
    });
  });
});
