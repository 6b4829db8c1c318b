import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import {
  type Client,
  deliverOptimistic,
  type OptimisticOrder,
  OptimisticState,
  settleOptimistic,
  Verdict,
} from "@opg-protocol/sdk";

import { temporaryFolder } from "../support/folder.ts";
import { IMAGE } from "../support/network.ts";
import { ADDRESSES, CALLBACK, NODE, OfferBench, OTHER, ROOT, type Slot, VERSION } from "../support/OfferBench.ts";

describe("OfferKeeper", () => {
  const folder = temporaryFolder();
  let bench: OfferBench;
  beforeEach(() => {
    bench = new OfferBench(folder);
  });

  describe("of a job that it has answered", () => {
    beforeEach(() => {
      bench.slot = { ...bench.stated(NODE), since: 1_000 };
      bench.journal.putAnswer(bench.roundOf(), ROOT);
    });

    it("waits for the window, and for disputes that are under way, then settles", async () => {
      assert.equal(await bench.tend(999), 1_000);
      assert.equal(await bench.tend(1_000), 1_005);
      bench.verdict = Verdict.Upheld;
      assert.equal(await bench.tend(1_005), 1_006);
      const call = settleOptimistic.call(ADDRESSES as Client["addresses"], {
        job: bench.packed(),
        node: NODE,
        outputRoot: ROOT,
      });
      assert.deepEqual(bench.sender.actions, [{ kind: "settle", subject: bench.roundOf(), ...call }]);
    });

    it("stops offering the version when it was wrong, and leaves the settling to who proved it", async () => {
      bench.verdict = Verdict.False;
      assert.equal(await bench.tend(1_000), "never");
      assert.match(bench.journal.quarantined().get(VERSION) ?? "", /found its answer to job 0x\w+ false/);
      assert.deepEqual(bench.sender.sent, []);
    });

    it("leaves it to others when its journal does not know what it has stated", async () => {
      bench.verdict = Verdict.Upheld;
      assert.equal(await bench.tend(1_000, { nonce: 1n }), "never");
      assert.deepEqual(bench.sender.sent, []);
    });
  });

  describe("of a job that is over", () => {
    const tipped = { callback: CALLBACK, callbackGas: 50_000, deliveryTip: 1n };
    const untipped = { ...tipped, deliveryTip: 0n };

    it("forgets it when that has its confirmations, counted anew when the chain has become shorter", async () => {
      bench.slot = { state: OptimisticState.Unanswered };
      for (const number of [60, 61, 59, 60]) assert.equal(await bench.tend(10, {}, number), 11);
      assert.equal(await bench.tend(10, {}, 61), "closed");
      assert.deepEqual([bench.forgotten, bench.sender.sent], [[bench.taskOf().id], []]);
    });

    it("delivers its result if that pays, and forgets it when the chain refuses", async () => {
      const root = await bench.outputs.put([IMAGE]);
      bench.slot = { ...bench.stated(NODE, root, tipped), state: OptimisticState.Answered };
      bench.journal.putAnswer(bench.roundOf(tipped), root);
      assert.equal(await bench.tend(10, tipped, 60), 11);
      const result = { tensors: [IMAGE] };
      const call = deliverOptimistic.call(ADDRESSES as Client["addresses"], {
        job: bench.packed(tipped),
        node: NODE,
        result,
      });
      assert.deepEqual(bench.sender.actions, [{ kind: "deliver", subject: bench.taskOf(tipped).id, ...call }]);
      bench.sender.before = () => {
        throw new Error("refused");
      };
      await bench.tend(11, tipped, 61);
      assert.equal(await bench.tend(13, tipped, 63), "closed");
    });

    it("delivers nothing that is not its own, not paid for, done, or not here", async () => {
      const root = await bench.outputs.put([IMAGE]);
      const own: Slot = { ...bench.stated(NODE, root, tipped), state: OptimisticState.Answered };
      const cases: readonly (readonly [Slot, Partial<OptimisticOrder>])[] = [
        [{ ...bench.stated(OTHER, root, tipped), state: own.state }, tipped],
        [{ ...own, state: OptimisticState.Refused }, tipped],
        [{ ...own, delivered: true }, tipped],
        [{ ...own, tipGone: true }, tipped],
        [{ ...bench.stated(NODE, root, untipped), state: own.state }, untipped],
        [{ ...bench.stated(NODE, root), state: own.state }, {}],
      ];
      for (const [given, changes] of cases) {
        bench.slot = given;
        bench.journal.putAnswer(bench.roundOf(changes), root);
        await bench.tend(10, changes);
      }
      bench.slot = own;
      await bench.tend(10, { ...tipped, nonce: 9n }); // its root is not in the journal
      assert.deepEqual(bench.kinds(), []);
    });
  });
});
