import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import {
  type Client,
  errorRoot,
  expireOptimistic,
  OptimisticState,
  PayloadError,
  reserveOptimistic,
} from "@opg-protocol/sdk";

import { temporaryFolder } from "../support/folder.ts";
import {
  ADDRESSES,
  ANSWER_PERIOD,
  AUCTION,
  BLOCK,
  FLOOR,
  NODE,
  OfferBench,
  OTHER,
  PRICE,
  ROOT,
} from "../support/OfferBench.ts";

describe("OfferKeeper", () => {
  const folder = temporaryFolder();
  let bench: OfferBench;
  beforeEach(() => {
    bench = new OfferBench(folder);
  });

  describe("of an open job", () => {
    beforeEach(() => {
      bench.slot = { state: OptimisticState.Open };
    });
    const reserved = () =>
      reserveOptimistic.call(ADDRESSES as Client["addresses"], { job: bench.packed(AUCTION), node: NODE }).data;

    it("waits until the price reaches its floor, then reserves what it can answer", async () => {
      assert.equal(await bench.tend(5, AUCTION), 50); // half an OPG is four ninths of the way: 10 + 40 s
      assert.equal(bench.answersAsked, 0);
      assert.equal(await bench.tend(49, AUCTION), 50); // the price counts in the next block
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[reserved()], 1]);
    });

    it("leaves it when its price never reaches the floor, or the version is not offered alone", async () => {
      assert.equal(await bench.tend(500, { ...AUCTION, price: FLOOR - 10n ** 12n }), "never");
      bench.offer(undefined);
      assert.equal(await bench.tend(500, AUCTION), "never");
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[], 0]);
    });

    it("leaves it for each reason for which it keeps away", async () => {
      bench.sender.isRich = false;
      assert.equal(await bench.tend(500, AUCTION), "never");
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[], 0]);
    });

    it("leaves it when its answer is an error, or cannot be found", async () => {
      bench.answer = () => Promise.resolve({ outputRoot: ROOT, fault: PayloadError.RefusedByModel });
      assert.equal(await bench.tend(500, AUCTION), "never");
      bench.answer = () => Promise.reject(new Error("nowhere"));
      assert.equal(await bench.tend(500, AUCTION), "never");
      assert.deepEqual(bench.sender.sent, []);
    });

    it("waits until the price has risen to what a text may cost by its length", async () => {
      bench.offer({ floorPrice: PRICE / 10n, tokenPrice: PRICE / 10n });
      bench.length = () => Promise.resolve(4);
      assert.equal(await bench.tend(5, AUCTION), 10 + 40); // by a hundredth of an OPG each second
      assert.equal(await bench.tend(48, AUCTION), 10 + 40);
      assert.deepEqual(bench.sender.sent, []);
      await bench.tend(49, AUCTION); // the price counts in the next block
      assert.deepEqual(bench.sender.sent, [reserved()]);
    });

    it("tries again when somebody else may have been faster", async () => {
      bench.sender.before = () => {
        throw new Error("MarketWrongState");
      };
      assert.equal(await bench.tend(500, AUCTION), 501);
      assert.deepEqual(bench.sender.sent, []);
    });

    it("takes a second attempt at the price that is left, but not after its own failure or below its floor", async () => {
      bench.slot = { state: OptimisticState.Open, attempt: 1, node: OTHER, price: FLOOR - 10n ** 12n };
      assert.equal(await bench.tend(5, AUCTION), "never");
      bench.slot = { ...bench.slot, price: PRICE, node: NODE };
      assert.equal(await bench.tend(5, AUCTION), "never");
      assert.deepEqual([bench.sender.sent, bench.answersAsked], [[], 0]);
      bench.slot = { ...bench.slot, node: OTHER };
      assert.equal(await bench.tend(5, AUCTION), 6);
      assert.deepEqual(
        bench.sender.actions.map(({ subject, data }) => [subject, data]),
        [[bench.roundOf(AUCTION, 1), reserved()]],
      );
    });
  });

  describe("of a reserved job", () => {
    it("states an error, too, because silence costs, and looks for the answer until it has one", async () => {
      bench.slot = { state: OptimisticState.Reserved, node: NODE, since: 10 };
      bench.answer = () => Promise.reject(new Error("not yet"));
      assert.equal(await bench.tend(20, AUCTION), 21);
      const fault = PayloadError.RefusedByModel;
      bench.answer = () => Promise.resolve({ outputRoot: errorRoot(fault), fault });
      bench.sender.isRich = false; // it owes the answer whatever it has
      await bench.tend(21, AUCTION);
      assert.deepEqual(bench.sender.sent, [bench.answered(errorRoot(fault), AUCTION)]);
    });

    describe("of somebody else", () => {
      beforeEach(() => {
        bench.slot = { state: OptimisticState.Reserved, node: OTHER, since: 10 };
      });

      it("waits for its deadline, and when it was missed says so in its turn", async () => {
        assert.equal(await bench.tend(20, AUCTION), 10 + ANSWER_PERIOD);
        let number = BLOCK + 200;
        for (; bench.sender.sent.length === 0 && number < BLOCK + 210; number += 1)
          await bench.tend(200, AUCTION, number);
        const expired = expireOptimistic.call(ADDRESSES as Client["addresses"], { job: bench.packed(AUCTION) }).data;
        assert.deepEqual(bench.sender.sent, [expired]);
      });

      it("leaves it when it was answered, or is a second attempt", async () => {
        const open = bench.slot;
        bench.slot = bench.stated(OTHER);
        assert.equal(await bench.tend(500, AUCTION), "never");
        bench.slot = { ...open, attempt: 1 };
        assert.equal(await bench.tend(500, AUCTION), "never");
        assert.deepEqual(bench.sender.sent, []);
      });
    });
  });
});
