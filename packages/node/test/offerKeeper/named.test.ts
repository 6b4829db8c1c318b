import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import {
  answerCollateralOf,
  errorRoot,
  type OptimisticOrder,
  PayloadError,
  unpackOptimisticJob,
} from "@opg-protocol/sdk";
import { id } from "ethers";

import { temporaryFolder } from "../support/folder.ts";
import { ADDRESSES, ANSWER_PERIOD, FLOOR, OfferBench, OTHER, PRICE, ROOT, VERSION } from "../support/OfferBench.ts";

describe("OfferKeeper", () => {
  const folder = temporaryFolder();
  let bench: OfferBench;
  beforeEach(() => {
    bench = new OfferBench(folder);
  });

  describe("of a job for this node", () => {
    it("states its answer, which is in the journal before it is sent", async () => {
      bench.sender.before = () => {
        assert.equal(bench.journal.answer(bench.roundOf()), ROOT);
      };
      assert.equal(await bench.tend(5), 6);
      assert.deepEqual(bench.sender.actions[0], {
        kind: "answer",
        subject: bench.roundOf(),
        to: ADDRESSES.optimistic,
        data: bench.answered(),
      });
    });

    it("states after a crash what it had noted, whatever the model answers now [D03]", async () => {
      await bench.tend(5);
      bench.answer = () => Promise.resolve({ outputRoot: id("another"), fault: PayloadError.None });
      bench.start();
      await bench.tend(6);
      assert.deepEqual(bench.sender.sent, [bench.answered(), bench.answered()]);
      assert.equal(bench.answersAsked, 1);
    });

    it("states it though it would keep away now: it may have been sent before", async () => {
      bench.journal.putAnswer(bench.roundOf(), ROOT);
      bench.sender.isRich = false;
      await bench.tend(5);
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[bench.answered()], 0]);
    });

    it("says no error, which earns nothing and owes nothing", async () => {
      bench.answer = () =>
        Promise.resolve({ outputRoot: errorRoot(PayloadError.InputMalformed), fault: PayloadError.InputMalformed });
      assert.equal(await bench.tend(5), "never");
      assert.deepEqual([bench.sender.sent, bench.journal.answer(bench.roundOf())], [[], undefined]);
    });

    it("keeps away when it cannot answer, and passes on that it is to stop", async () => {
      bench.answer = () => Promise.reject(new Error("out of memory"));
      assert.equal(await bench.tend(5), "never");
      assert.deepEqual(bench.sender.sent, []);
      const stop = new AbortController();
      bench.answer = () => {
        stop.abort();
        return Promise.reject(new Error("stopped"));
      };
      await assert.rejects(bench.keeper.tend(bench.taskOf(), bench.at(5), stop.signal), { name: "AbortError" });
    });

    it("is too late from the end of the answer period on", async () => {
      assert.equal(await bench.tend(ANSWER_PERIOD), "never");
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[], 0]);
      await bench.tend(ANSWER_PERIOD - 1);
      assert.deepEqual(bench.sender.sent, [bench.answered()]);
    });

    it("is closed when it is for another node", async () => {
      assert.equal(await bench.tend(5, { node: OTHER }), "closed");
      assert.deepEqual(bench.sender.sent, []);
    });
  });

  describe("keeps away", () => {
    const staysAway = async (changes: Partial<OptimisticOrder> = {}) => {
      assert.equal(await bench.tend(5, changes), "never");
      assert.deepEqual(
        [bench.sender.sent, bench.journal.answer(bench.roundOf(changes)), bench.answersAsked],
        [[], undefined, 0],
      );
    };

    it("from a version that it does not offer alone, or not any more", async () => {
      bench.offer(undefined);
      await staysAway();
      bench.offer({ floorPrice: FLOOR });
      bench.offers.quarantine(VERSION, "why");
      await staysAway();
    });

    it("below its floor price [T028]", async () => {
      await staysAway({ price: FLOOR - 10n ** 12n });
    });

    it("below what a text may cost by its length, to the unit", async () => {
      bench.offer({ floorPrice: FLOOR, tokenPrice: (PRICE - FLOOR) / 10n });
      bench.length = () => Promise.resolve(11);
      await staysAway();
      bench.length = () => Promise.resolve(10);
      await bench.tend(5);
      assert.deepEqual(bench.sender.sent, [bench.answered()]);
    });

    it("from a text of which it cannot see the length, and looks at none that pays less than any answer", async () => {
      bench.offer({ floorPrice: FLOOR, tokenPrice: 1n });
      let looks = 0;
      bench.length = () => {
        looks += 1;
        return Promise.reject(new Error("nobody serves its input"));
      };
      await staysAway({ price: FLOOR - 10n ** 12n });
      assert.equal(looks, 0);
      await staysAway();
      assert.equal(looks, 1);
    });

    it("when its lock has no room for the collateral, to the unit", async () => {
      const collateral = answerCollateralOf(unpackOptimisticJob(bench.packed()), PRICE);
      bench.serving = { ...bench.serving, maxLock: collateral, used: 1n };
      await staysAway();
      bench.serving = { ...bench.serving, used: 0n };
      await bench.tend(5);
      assert.deepEqual(bench.sender.sent, [bench.answered()]);
    });

    it("when its lock ends before the job can be over, to the second", async () => {
      const { horizonPeriod } = unpackOptimisticJob(bench.packed()).rules;
      bench.serving = { ...bench.serving, endsAt: 5n + horizonPeriod - 1n };
      await staysAway();
      bench.serving = { ...bench.serving, endsAt: 5n + horizonPeriod };
      await bench.tend(5);
      assert.deepEqual(bench.sender.sent, [bench.answered()]);
    });

    it("when it has no coin for a defence", async () => {
      bench.sender.isRich = false;
      await staysAway();
    });

    it("when the other provider knows another block, or none [T132 D06]", async () => {
      for (const hash of [id("another block"), undefined]) {
        bench.start({ witness: { blockHash: () => Promise.resolve(hash) } });
        await staysAway();
      }
      bench.start({ witness: { blockHash: () => Promise.resolve(id("its block")) } });
      await bench.tend(5);
      assert.deepEqual(bench.sender.sent, [bench.answered()]);
    });
  });
});
