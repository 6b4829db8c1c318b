import { strict as assert } from "node:assert";
import { beforeEach, describe, it } from "node:test";

import {
  answerCollateralOf,
  auditCollateralOf,
  type Client,
  OptimisticState,
  PayloadError,
  revealOptimistic,
  sealAudit,
  sealHash,
  sealOptimistic,
  unpackOptimisticJob,
  Verdict,
} from "@opg-protocol/sdk";

import { deriveSalt } from "../../dist/journal/salt.js";
import { temporaryFolder } from "../support/folder.ts";
import {
  ADDRESSES,
  ANSWER_PERIOD,
  AUCTION,
  FLOOR,
  NODE,
  OfferBench,
  OTHER,
  PRICE,
  REVEALED,
  ROOT,
  roundWith,
  SEALED,
  SECRET,
  VERSION,
} from "../support/OfferBench.ts";

describe("OfferKeeper", () => {
  const folder = temporaryFolder();
  let bench: OfferBench;
  beforeEach(() => {
    bench = new OfferBench(folder);
  });

  describe("of a job that may be audited", () => {
    const AUDITED = { auditBps: 1_000 };
    const salt = () => deriveSalt(SECRET, bench.roundOf(AUDITED));
    const sealed = (root = ROOT) =>
      sealHash({
        chainId: 1n,
        commitments: ADDRESSES.commitments,
        roundId: bench.roundOf(AUDITED),
        node: NODE,
        outputRoot: root,
        salt: salt(),
      });
    const to = ADDRESSES as Client["addresses"];

    it("seals its answer, which is in the journal before it is sent [D03]", async () => {
      bench.sender.before = () => {
        assert.equal(bench.journal.answer(bench.roundOf(AUDITED)), ROOT);
      };
      assert.equal(await bench.tend(5, AUDITED), 6);
      const call = sealOptimistic.call(to, { job: bench.packed(AUDITED), node: NODE, commitment: sealed() });
      assert.deepEqual(
        bench.sender.actions.map(({ kind, subject, data }) => [kind, subject, data]),
        [["seal", bench.roundOf(AUDITED), call.data]],
      );
      assert.ok((bench.sender.actions[0]?.reserve ?? 0n) > 0n, "gas for the reveal");
    });

    it("keeps away when its lock has no room for what such an answer needs, to the unit", async () => {
      const collateral = answerCollateralOf(unpackOptimisticJob(bench.packed(AUDITED)), PRICE);
      bench.serving = { ...bench.serving, maxLock: collateral, used: 1n };
      assert.equal(await bench.tend(5, AUDITED), "never");
      assert.deepEqual(bench.sender.sent, []);
      bench.serving = { ...bench.serving, used: 0n };
      await bench.tend(5, AUDITED);
      assert.equal(bench.sender.sent.length, 1);
    });

    it("reveals when nobody can seal any more, once its seal is confirmed or half the time is gone", async () => {
      bench.journal.putAnswer(bench.roundOf(AUDITED), ROOT);
      bench.entry = SEALED;
      bench.round = roundWith(1);
      assert.equal(await bench.tend(5, AUDITED, 100), 20); // one has sealed: the step may be the last
      assert.equal(await bench.tend(20, AUDITED, 100), 40);
      bench.round = roundWith(2);
      assert.equal(await bench.tend(20, AUDITED, 100), 21);
      assert.equal(await bench.tend(24, AUDITED, 101), 25);
      assert.deepEqual(bench.sender.sent, []);
      const reveal = revealOptimistic.call(to, {
        roundId: bench.roundOf(AUDITED),
        node: NODE,
        outputRoot: ROOT,
        salt: salt(),
      }).data;
      assert.equal(await bench.tend(24, AUDITED, 102), 25);
      assert.equal(await bench.tend(25, AUDITED, 101), 26);
      assert.deepEqual(
        [bench.kinds(), bench.sender.sent],
        [
          ["reveal", "reveal"],
          [reveal, reveal],
        ],
      );
    });

    it("waits for the window when it has missed its time to reveal, or cannot", async () => {
      bench.entry = SEALED;
      bench.round = roundWith(2);
      assert.equal(await bench.tend(30, AUDITED, 110), 130);
      assert.equal(await bench.tend(29, AUDITED, 110), "never"); // its journal does not know what it has sealed
      assert.deepEqual(bench.sender.sent, []);
    });

    it("stops offering the version when what it has revealed was wrong", async () => {
      bench.journal.putAnswer(bench.roundOf(AUDITED), ROOT);
      [bench.entry, bench.round, bench.verdict] = [REVEALED, roundWith(2), Verdict.False];
      assert.equal(await bench.tend(130, AUDITED), "never");
      assert.match(bench.journal.quarantined().get(VERSION) ?? "", /found its answer to job 0x\w+ false/);
      assert.deepEqual(bench.sender.sent, []);
    });

    describe("and is another node's", () => {
      const THEIRS = { ...AUDITED, node: OTHER };

      it("is closed where it does not audit, and left alone once it is sealed", async () => {
        assert.equal(await bench.tend(5, THEIRS), "closed");
        bench.round = roundWith(1);
        assert.equal(await bench.tend(5, THEIRS), "never");
        bench.slot = { state: OptimisticState.Reserved, node: OTHER };
        assert.equal(await bench.tend(500, { ...AUCTION, ...AUDITED }), "never");
        assert.deepEqual(bench.sender.sent, []);
      });

      it("is audited when the draw falls on it, and not before or after", async () => {
        bench.offer({ floorPrice: FLOOR, audits: true });
        const half = Math.floor(Number(unpackOptimisticJob(bench.packed()).rules.auditSealPeriod) / 2);
        assert.equal(await bench.tend(5, THEIRS), ANSWER_PERIOD); // steps of this network are longer
        bench.round = roundWith(1);
        bench.undrawn = "PolicyNotDrawn";
        assert.equal(await bench.tend(5, THEIRS), 5 + half);
        bench.undrawn = "PolicyNotAudited";
        assert.equal(await bench.tend(5, THEIRS), "never");
        assert.deepEqual([bench.sender.sent, bench.answersAsked], [[], 0]);
        bench.undrawn = undefined;
        assert.equal(await bench.tend(5, THEIRS), 6);
        const commitment = sealHash({
          chainId: 1n,
          commitments: ADDRESSES.commitments,
          roundId: bench.roundOf(THEIRS),
          node: NODE,
          outputRoot: ROOT,
          salt: deriveSalt(SECRET, bench.roundOf(THEIRS)),
        });
        const call = sealAudit.call(to, { job: bench.packed(THEIRS), node: NODE, commitment });
        assert.deepEqual([bench.kinds(), bench.sender.sent], [["audit"], [call.data]]);
        assert.equal(bench.journal.answer(bench.roundOf(THEIRS)), ROOT);
      });

      it("is not audited below the floor, beyond the lock, or with an error", async () => {
        bench.round = roundWith(1);
        bench.offer({ floorPrice: PRICE + 1n, audits: true });
        assert.equal(await bench.tend(5, THEIRS), "never");
        bench.offer({ floorPrice: FLOOR, audits: true });
        const collateral = auditCollateralOf(unpackOptimisticJob(bench.packed(THEIRS)), PRICE);
        bench.serving = { ...bench.serving, maxLock: collateral, used: 1n };
        assert.equal(await bench.tend(5, THEIRS), "never");
        assert.equal(bench.answersAsked, 0);
        bench.serving = { ...bench.serving, used: 0n };
        bench.answer = () => Promise.resolve({ outputRoot: ROOT, fault: PayloadError.RefusedByModel });
        assert.equal(await bench.tend(5, THEIRS), "never");
        assert.deepEqual([bench.sender.sent, bench.journal.answer(bench.roundOf(THEIRS))], [[], undefined]);
      });
    });
  });
});
