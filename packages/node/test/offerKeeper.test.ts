import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";

import {
  answerCollateralOf,
  answerOptimistic,
  auditCollateralOf,
  type Client,
  deliverOptimistic,
  errorRoot,
  expireOptimistic,
  optimisticJobIdOf,
  type OptimisticOrder,
  optimisticRoundIdOf,
  OptimisticState,
  packOptimisticOrder,
  PayloadError,
  reserveOptimistic,
  revealOptimistic,
  sealAudit,
  sealHash,
  sealOptimistic,
  settleOptimistic,
  statementId,
  unpackOptimisticJob,
  Verdict,
} from "@opg-protocol/sdk";
import { dataSlice, id, Interface, makeError, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import type { Head } from "../dist/chain/Chain.js";
import type { Answerer } from "../dist/jobs/Answerer.js";
import { OfferKeeper, type OfferKeeperModules } from "../dist/jobs/OfferKeeper.js";
import { Journal, type JournalTask } from "../dist/journal/Journal.js";
import { deriveSalt } from "../dist/journal/salt.js";
import { createLogger } from "../dist/log.js";
import { Offers } from "../dist/offer/Offers.js";
import { OutputStore } from "../dist/serve/OutputStore.js";
import { FakeChain } from "./support/FakeChain.ts";
import { FakeSender } from "./support/FakeSender.ts";
import { temporaryFolder } from "./support/folder.ts";
import { IMAGE } from "./support/network.ts";

const LOG = createLogger("silent", false);
const account = (byte: string): string => `0x${byte.repeat(20)}`;
const [NODE, OTHER, REQUESTER, CALLBACK] = ["11", "22", "33", "44"].map(account) as [string, string, string, string];
const ADDRESSES = { optimistic: account("aa"), commitments: account("bb"), disputes: account("cc") };
/** Words of mainnet's rules, out of vectors/optimistic.json. */
const RULES = "0x000038400244040a04e20e9ca0093a800151800000fa13881388051e0bb800fa";
const VERSION = id("version");
const ROOT = id("output");
const PRICE = 10n ** 18n;
const FLOOR = PRICE / 2n;
const ANSWER_PERIOD = 100;
const BLOCK = 50;
const CONFIRMATIONS = 2;
const SECRET = Buffer.alloc(32, 9);
/** Kinds of a node's entry in a round. */
const [SEALED, REVEALED] = [1n, 2n];
const { signal } = new AbortController();

/** Ordered at second 0, so that all times are seconds after that. */
const ORDER: OptimisticOrder = {
  requester: REQUESTER,
  versionId: VERSION,
  inputRoot: id("input"),
  price: PRICE,
  node: NODE,
  answerPeriod: ANSWER_PERIOD,
  windowPeriod: 1_000,
};
/** Rises from a tenth of an OPG to a whole one in the 90 seconds after the first ten. */
const AUCTION = { node: ZeroAddress, lowestPrice: PRICE / 10n, auctionDelay: 10, auctionRamp: 90 };

interface Slot {
  readonly state: OptimisticState;
  readonly attempt?: 0 | 1;
  readonly delivered?: boolean;
  readonly tipGone?: boolean;
  readonly price?: bigint;
  readonly since?: number;
  /** Or the first 20 bytes of the id of what was stated. */
  readonly node?: string;
}

/** A job's slot, from the lowest bit as `OptimisticRecord` says. */
function wordOf({
  state,
  attempt = 0,
  delivered,
  tipGone,
  price = PRICE,
  since = 0,
  node = ZeroAddress,
}: Slot): bigint {
  const flags = BigInt(attempt) | (delivered === true ? 2n : 0n) | (tipGone === true ? 4n : 0n);
  const money = (price / 10n ** 12n) << 16n;
  return BigInt(state) | (flags << 8n) | money | (BigInt(since) << 56n) | (BigInt(node) << 96n);
}

/** What a provider throws when the policy refuses an auditor. */
function refusalBy(name: string): Error {
  const errors = new Interface([
    "error PolicyNotDrawn(bytes32 jobId, address auditor, uint256 step)",
    "error PolicyNotAudited(bytes32 jobId)",
  ]);
  const values = name === "PolicyNotDrawn" ? [id("job"), NODE, 0] : [id("job")];
  const data = errors.encodeErrorResult(name, values);
  return makeError("execution reverted", "CALL_EXCEPTION", {
    action: "call",
    data,
    reason: null,
    transaction: { to: ADDRESSES.optimistic, data: "0x" },
    invocation: null,
    revert: null,
  });
}

/** A round whose sealing ends at second 20 with its step and at 40 in any case, revealed within 10 seconds. */
const roundWith = (sealedCount: number): bigint =>
  20n | (40n << 48n) | (10n << 96n) | (2n << 128n) | (2n << 136n) | (BigInt(sealedCount) << 144n) | (100n << 216n);

describe("OfferKeeper", () => {
  const folder = temporaryFolder();
  let journal: Journal;
  let sender: FakeSender;
  let offers: Offers;
  let outputs: OutputStore;
  let keeper: OfferKeeper;
  let chain: FakeChain;
  let answer: () => Promise<{ outputRoot: string; fault: PayloadError }>;
  let answersAsked: number;
  let forgotten: string[];
  /** What the chain says. */
  let slot: Slot;
  let serving: { maxLock: bigint; used: bigint; earned: bigint; endsAt: bigint };
  let verdict: Verdict;

  /** Of the round of an answer that may be audited. */
  let round: bigint;
  let entry: bigint;
  /** Why the policy lets nobody audit; undefined if it does. */
  let undrawn: string | undefined;

  const client = {
    chainId: 1n,
    addresses: ADDRESSES,
    optimistic: { jobOf: () => Promise.resolve(wordOf(slot)), servingOf: () => Promise.resolve(serving) },
    commitments: {
      roundOf: () => Promise.resolve({ round }),
      entryOf: () => Promise.resolve(toBeHex(entry, 32)),
      outputOf: () => Promise.resolve(entry === REVEALED ? ROOT : ZeroHash),
    },
    optimisticPolicy: {
      drawOf: () => (undrawn === undefined ? Promise.resolve() : Promise.reject(refusalBy(undrawn))),
    },
    disputes: { verdictOf: () => Promise.resolve(BigInt(verdict)) },
  } as unknown as Client;

  const packed = (changes: Partial<OptimisticOrder> = {}) => ({
    ...packOptimisticOrder({ ...ORDER, ...changes }),
    rules: RULES,
  });
  const roundOf = (changes: Partial<OptimisticOrder> = {}, attempt = 0) =>
    optimisticRoundIdOf(client, packed(changes), attempt);
  /** What storage keeps once a node has answered. */
  const stated = (node: string, outputRoot = ROOT, changes: Partial<OptimisticOrder> = {}): Slot => ({
    state: OptimisticState.Stated,
    node: dataSlice(statementId(roundOf(changes), node, outputRoot), 0, 20),
  });
  const taskOf = (changes: Partial<OptimisticOrder> = {}): JournalTask => ({
    id: optimisticJobIdOf(client, packed(changes)),
    kind: "offer",
    data: JSON.stringify({ packed: packed(changes), input: "0x" }),
    blockNumber: BLOCK,
  });
  const at = (timestamp: number, number = BLOCK + timestamp): Head => ({ number, hash: id(`${number}`), timestamp });
  const tend = (timestamp: number, changes: Partial<OptimisticOrder> = {}, number?: number) =>
    keeper.tend(taskOf(changes), at(timestamp, number), signal);
  const kinds = () => sender.actions.map(({ kind }) => kind);
  const answered = (outputRoot = ROOT, changes = {}) =>
    answerOptimistic.call(ADDRESSES as Client["addresses"], { job: packed(changes), node: NODE, outputRoot }).data;

  const start = (changes: Partial<OfferKeeperModules> = {}): void => {
    const answerer = {
      answer: () => {
        answersAsked += 1;
        return answer();
      },
      forget: (jobId: string) => {
        forgotten.push(jobId);
      },
    } as unknown as Answerer;
    const modules = { client, witness: undefined, chain, journal, sender, answerer, offers, outputs, log: LOG };
    keeper = new OfferKeeper({ ...modules, ...changes }, { node: NODE, secret: SECRET, confirmations: CONFIRMATIONS });
  };
  const offer = (alone: { floorPrice: bigint; audits?: boolean } | undefined) => {
    offers = new Offers(chain, journal, sender.asSender(), { lockDays: 1, claimAbove: 1n }, LOG);
    const executable = { versionId: VERSION, path: "", digest: "", inputs: [], outputs: [] };
    offers.add({ id: VERSION, floorPrice: 0n, ...(alone && { alone: { audits: false, ...alone } }) }, executable);
    start();
  };

  beforeEach(() => {
    journal = Journal.open(join(folder, `${randomUUID()}.sqlite`), { chainId: 1n, market: "market", node: NODE });
    sender = new FakeSender();
    chain = new FakeChain();
    chain.hashes.set(BLOCK, id("its block"));
    outputs = new OutputStore(join(folder, randomUUID()));
    answer = () => Promise.resolve({ outputRoot: ROOT, fault: PayloadError.None });
    answersAsked = 0;
    forgotten = [];
    slot = { state: OptimisticState.Named };
    serving = { maxLock: 10n ** 30n, used: 0n, earned: 0n, endsAt: 10n ** 9n };
    verdict = Verdict.Open;
    round = roundWith(0);
    entry = 0n;
    undrawn = undefined;
    offer({ floorPrice: FLOOR });
  });

  describe("of a job for this node", () => {
    it("states its answer, which is in the journal before it is sent", async () => {
      sender.before = () => {
        assert.equal(journal.answer(roundOf()), ROOT);
      };
      assert.equal(await tend(5), 6);
      assert.deepEqual(sender.actions[0], {
        kind: "answer",
        subject: roundOf(),
        to: ADDRESSES.optimistic,
        data: answered(),
      });
    });

    it("states after a crash what it had noted, whatever the model answers now [D03]", async () => {
      await tend(5);
      answer = () => Promise.resolve({ outputRoot: id("another"), fault: PayloadError.None });
      start();
      await tend(6);
      assert.deepEqual(sender.sent, [answered(), answered()]);
      assert.equal(answersAsked, 1);
    });

    it("states it though it would keep away now: it may have been sent before", async () => {
      journal.putAnswer(roundOf(), ROOT);
      sender.isRich = false;
      await tend(5);
      assert.deepEqual([sender.sent, answersAsked], [[answered()], 0]);
    });

    it("says no error, which earns nothing and owes nothing", async () => {
      answer = () =>
        Promise.resolve({ outputRoot: errorRoot(PayloadError.InputMalformed), fault: PayloadError.InputMalformed });
      assert.equal(await tend(5), "never");
      assert.deepEqual([sender.sent, journal.answer(roundOf())], [[], undefined]);
    });

    it("keeps away when it cannot answer, and passes on that it is to stop", async () => {
      answer = () => Promise.reject(new Error("out of memory"));
      assert.equal(await tend(5), "never");
      assert.deepEqual(sender.sent, []);
      const stop = new AbortController();
      answer = () => {
        stop.abort();
        return Promise.reject(new Error("stopped"));
      };
      await assert.rejects(keeper.tend(taskOf(), at(5), stop.signal), { name: "AbortError" });
    });

    it("is too late from the end of the answer period on", async () => {
      assert.equal(await tend(ANSWER_PERIOD), "never");
      assert.deepEqual([sender.sent, answersAsked], [[], 0]);
      await tend(ANSWER_PERIOD - 1);
      assert.deepEqual(sender.sent, [answered()]);
    });

    it("is closed when it is for another node", async () => {
      assert.equal(await tend(5, { node: OTHER }), "closed");
      assert.deepEqual(sender.sent, []);
    });
  });

  describe("keeps away", () => {
    const staysAway = async (changes: Partial<OptimisticOrder> = {}) => {
      assert.equal(await tend(5, changes), "never");
      assert.deepEqual([sender.sent, journal.answer(roundOf(changes)), answersAsked], [[], undefined, 0]);
    };

    it("from a version that it does not offer alone, or not any more", async () => {
      offer(undefined);
      await staysAway();
      offer({ floorPrice: FLOOR });
      offers.quarantine(VERSION, "why");
      await staysAway();
    });

    it("below its floor price", async () => {
      await staysAway({ price: FLOOR - 10n ** 12n });
    });

    it("when its lock has no room for the collateral, to the unit", async () => {
      const collateral = answerCollateralOf(unpackOptimisticJob(packed()), PRICE);
      serving = { ...serving, maxLock: collateral, used: 1n };
      await staysAway();
      serving = { ...serving, used: 0n };
      await tend(5);
      assert.deepEqual(sender.sent, [answered()]);
    });

    it("when its lock ends before the job can be over, to the second", async () => {
      const { horizonPeriod } = unpackOptimisticJob(packed()).rules;
      serving = { ...serving, endsAt: 5n + horizonPeriod - 1n };
      await staysAway();
      serving = { ...serving, endsAt: 5n + horizonPeriod };
      await tend(5);
      assert.deepEqual(sender.sent, [answered()]);
    });

    it("when it has no coin for a defence [D07]", async () => {
      sender.isRich = false;
      await staysAway();
    });

    it("when the other provider knows another block, or none", async () => {
      for (const hash of [id("another block"), undefined]) {
        start({ witness: { blockHash: () => Promise.resolve(hash) } });
        await staysAway();
      }
      start({ witness: { blockHash: () => Promise.resolve(id("its block")) } });
      await tend(5);
      assert.deepEqual(sender.sent, [answered()]);
    });
  });

  describe("of a job that may be audited", () => {
    const AUDITED = { auditBps: 1_000 };
    const SALT = deriveSalt(SECRET, roundOf(AUDITED));
    const sealed = (root = ROOT) =>
      sealHash({
        chainId: 1n,
        commitments: ADDRESSES.commitments,
        roundId: roundOf(AUDITED),
        node: NODE,
        outputRoot: root,
        salt: SALT,
      });
    const to = ADDRESSES as Client["addresses"];

    it("seals its answer, which is in the journal before it is sent [D03]", async () => {
      sender.before = () => {
        assert.equal(journal.answer(roundOf(AUDITED)), ROOT);
      };
      assert.equal(await tend(5, AUDITED), 6);
      const call = sealOptimistic.call(to, { job: packed(AUDITED), node: NODE, commitment: sealed() });
      assert.deepEqual(
        sender.actions.map(({ kind, subject, data }) => [kind, subject, data]),
        [["seal", roundOf(AUDITED), call.data]],
      );
      assert.ok((sender.actions[0]?.reserve ?? 0n) > 0n, "gas for the reveal");
    });

    it("keeps away when its lock has no room for what such an answer needs, to the unit", async () => {
      const collateral = answerCollateralOf(unpackOptimisticJob(packed(AUDITED)), PRICE);
      serving = { ...serving, maxLock: collateral, used: 1n };
      assert.equal(await tend(5, AUDITED), "never");
      assert.deepEqual(sender.sent, []);
      serving = { ...serving, used: 0n };
      await tend(5, AUDITED);
      assert.equal(sender.sent.length, 1);
    });

    it("reveals when nobody can seal any more, once its seal is confirmed or half the time is gone", async () => {
      journal.putAnswer(roundOf(AUDITED), ROOT);
      entry = SEALED;
      round = roundWith(1);
      assert.equal(await tend(5, AUDITED, 100), 20); // one has sealed: the step may be the last
      assert.equal(await tend(20, AUDITED, 100), 40);
      round = roundWith(2);
      assert.equal(await tend(20, AUDITED, 100), 21);
      assert.equal(await tend(24, AUDITED, 101), 25);
      assert.deepEqual(sender.sent, []);
      const reveal = revealOptimistic.call(to, {
        roundId: roundOf(AUDITED),
        node: NODE,
        outputRoot: ROOT,
        salt: SALT,
      }).data;
      assert.equal(await tend(24, AUDITED, 102), 25);
      assert.equal(await tend(25, AUDITED, 101), 26);
      assert.deepEqual(
        [kinds(), sender.sent],
        [
          ["reveal", "reveal"],
          [reveal, reveal],
        ],
      );
    });

    it("waits for the window when it has missed its time to reveal, or cannot", async () => {
      entry = SEALED;
      round = roundWith(2);
      assert.equal(await tend(30, AUDITED, 110), 130);
      assert.equal(await tend(29, AUDITED, 110), "never"); // its journal does not know what it has sealed
      assert.deepEqual(sender.sent, []);
    });

    it("stops offering the version when what it has revealed was wrong", async () => {
      journal.putAnswer(roundOf(AUDITED), ROOT);
      [entry, round, verdict] = [REVEALED, roundWith(2), Verdict.False];
      assert.equal(await tend(130, AUDITED), "never");
      assert.match(journal.quarantined().get(VERSION) ?? "", /found its answer to job 0x\w+ false/);
      assert.deepEqual(sender.sent, []);
    });

    describe("and is another node's", () => {
      const THEIRS = { ...AUDITED, node: OTHER };

      it("is closed where it does not audit, and left alone once it is sealed", async () => {
        assert.equal(await tend(5, THEIRS), "closed");
        round = roundWith(1);
        assert.equal(await tend(5, THEIRS), "never");
        slot = { state: OptimisticState.Reserved, node: OTHER };
        assert.equal(await tend(500, { ...AUCTION, ...AUDITED }), "never");
        assert.deepEqual(sender.sent, []);
      });

      it("is audited when the draw falls on it, and not before or after", async () => {
        offer({ floorPrice: FLOOR, audits: true });
        const half = Math.floor(Number(unpackOptimisticJob(packed()).rules.auditSealPeriod) / 2);
        assert.equal(await tend(5, THEIRS), ANSWER_PERIOD); // steps of this network are longer
        round = roundWith(1);
        undrawn = "PolicyNotDrawn";
        assert.equal(await tend(5, THEIRS), 5 + half);
        undrawn = "PolicyNotAudited";
        assert.equal(await tend(5, THEIRS), "never");
        assert.deepEqual([sender.sent, answersAsked], [[], 0]);
        undrawn = undefined;
        assert.equal(await tend(5, THEIRS), 6);
        const commitment = sealHash({
          chainId: 1n,
          commitments: ADDRESSES.commitments,
          roundId: roundOf(THEIRS),
          node: NODE,
          outputRoot: ROOT,
          salt: deriveSalt(SECRET, roundOf(THEIRS)),
        });
        const call = sealAudit.call(to, { job: packed(THEIRS), node: NODE, commitment });
        assert.deepEqual([kinds(), sender.sent], [["audit"], [call.data]]);
        assert.equal(journal.answer(roundOf(THEIRS)), ROOT);
      });

      it("is not audited below the floor, beyond the lock, or with an error", async () => {
        round = roundWith(1);
        offer({ floorPrice: PRICE + 1n, audits: true });
        assert.equal(await tend(5, THEIRS), "never");
        offer({ floorPrice: FLOOR, audits: true });
        const collateral = auditCollateralOf(unpackOptimisticJob(packed(THEIRS)), PRICE);
        serving = { ...serving, maxLock: collateral, used: 1n };
        assert.equal(await tend(5, THEIRS), "never");
        assert.equal(answersAsked, 0);
        serving = { ...serving, used: 0n };
        answer = () => Promise.resolve({ outputRoot: ROOT, fault: PayloadError.RefusedByModel });
        assert.equal(await tend(5, THEIRS), "never");
        assert.deepEqual([sender.sent, journal.answer(roundOf(THEIRS))], [[], undefined]);
      });
    });
  });

  describe("of an open job", () => {
    beforeEach(() => {
      slot = { state: OptimisticState.Open };
    });
    const reserved = () =>
      reserveOptimistic.call(ADDRESSES as Client["addresses"], { job: packed(AUCTION), node: NODE }).data;

    it("waits until the price reaches its floor, then reserves what it can answer", async () => {
      assert.equal(await tend(5, AUCTION), 50); // half an OPG is four ninths of the way: 10 + 40 s
      assert.equal(answersAsked, 0);
      assert.equal(await tend(49, AUCTION), 50); // the price counts in the next block
      assert.deepEqual([sender.sent, answersAsked], [[reserved()], 1]);
    });

    it("leaves it when its price never reaches the floor, or the version is not offered alone", async () => {
      assert.equal(await tend(500, { ...AUCTION, price: FLOOR - 10n ** 12n }), "never");
      offer(undefined);
      assert.equal(await tend(500, AUCTION), "never");
      assert.deepEqual([sender.sent, answersAsked], [[], 0]);
    });

    it("leaves it for each reason for which it keeps away", async () => {
      sender.isRich = false;
      assert.equal(await tend(500, AUCTION), "never");
      assert.deepEqual([sender.sent, answersAsked], [[], 0]);
    });

    it("leaves it when its answer is an error, or cannot be found", async () => {
      answer = () => Promise.resolve({ outputRoot: ROOT, fault: PayloadError.RefusedByModel });
      assert.equal(await tend(500, AUCTION), "never");
      answer = () => Promise.reject(new Error("nowhere"));
      assert.equal(await tend(500, AUCTION), "never");
      assert.deepEqual(sender.sent, []);
    });

    it("tries again when somebody else may have been faster", async () => {
      sender.before = () => {
        throw new Error("MarketWrongState");
      };
      assert.equal(await tend(500, AUCTION), 501);
      assert.deepEqual(sender.sent, []);
    });

    it("takes a second attempt at the price that is left, but not after its own failure or below its floor", async () => {
      slot = { state: OptimisticState.Open, attempt: 1, node: OTHER, price: FLOOR - 10n ** 12n };
      assert.equal(await tend(5, AUCTION), "never");
      slot = { ...slot, price: PRICE, node: NODE };
      assert.equal(await tend(5, AUCTION), "never");
      assert.deepEqual([sender.sent, answersAsked], [[], 0]);
      slot = { ...slot, node: OTHER };
      assert.equal(await tend(5, AUCTION), 6);
      assert.deepEqual(
        sender.actions.map(({ subject, data }) => [subject, data]),
        [[roundOf(AUCTION, 1), reserved()]],
      );
    });
  });

  describe("of a reserved job", () => {
    it("states an error, too, because silence costs, and looks for the answer until it has one", async () => {
      slot = { state: OptimisticState.Reserved, node: NODE, since: 10 };
      answer = () => Promise.reject(new Error("not yet"));
      assert.equal(await tend(20, AUCTION), 21);
      const fault = PayloadError.RefusedByModel;
      answer = () => Promise.resolve({ outputRoot: errorRoot(fault), fault });
      sender.isRich = false; // it owes the answer whatever it has
      await tend(21, AUCTION);
      assert.deepEqual(sender.sent, [answered(errorRoot(fault), AUCTION)]);
    });

    describe("of somebody else", () => {
      beforeEach(() => {
        slot = { state: OptimisticState.Reserved, node: OTHER, since: 10 };
      });

      it("waits for its deadline, and when it was missed says so in its turn", async () => {
        assert.equal(await tend(20, AUCTION), 10 + ANSWER_PERIOD);
        let number = BLOCK + 200;
        for (; sender.sent.length === 0 && number < BLOCK + 210; number += 1) await tend(200, AUCTION, number);
        const expired = expireOptimistic.call(ADDRESSES as Client["addresses"], { job: packed(AUCTION) }).data;
        assert.deepEqual(sender.sent, [expired]);
      });

      it("leaves it when it was answered, or is a second attempt", async () => {
        const open = slot;
        slot = stated(OTHER);
        assert.equal(await tend(500, AUCTION), "never");
        slot = { ...open, attempt: 1 };
        assert.equal(await tend(500, AUCTION), "never");
        assert.deepEqual(sender.sent, []);
      });
    });
  });

  describe("of a job that it has answered", () => {
    beforeEach(() => {
      slot = { ...stated(NODE), since: 1_000 };
      journal.putAnswer(roundOf(), ROOT);
    });

    it("waits for the window, and for disputes that are under way, then settles", async () => {
      assert.equal(await tend(999), 1_000);
      assert.equal(await tend(1_000), 1_005);
      verdict = Verdict.Upheld;
      assert.equal(await tend(1_005), 1_006);
      const call = settleOptimistic.call(ADDRESSES as Client["addresses"], {
        job: packed(),
        node: NODE,
        outputRoot: ROOT,
      });
      assert.deepEqual(sender.actions, [{ kind: "settle", subject: roundOf(), ...call }]);
    });

    it("stops offering the version when it was wrong, and leaves the settling to who proved it", async () => {
      verdict = Verdict.False;
      assert.equal(await tend(1_000), "never");
      assert.match(journal.quarantined().get(VERSION) ?? "", /found its answer to job 0x\w+ false/);
      assert.deepEqual(sender.sent, []);
    });

    it("leaves it to others when its journal does not know what it has stated", async () => {
      verdict = Verdict.Upheld;
      assert.equal(await tend(1_000, { nonce: 1n }), "never");
      assert.deepEqual(sender.sent, []);
    });
  });

  describe("of a job that is over", () => {
    const tipped = { callback: CALLBACK, callbackGas: 50_000, deliveryTip: 1n };
    const untipped = { ...tipped, deliveryTip: 0n };

    it("forgets it when that has its confirmations, counted anew when the chain has become shorter", async () => {
      slot = { state: OptimisticState.Unanswered };
      for (const number of [60, 61, 59, 60]) assert.equal(await tend(10, {}, number), 11);
      assert.equal(await tend(10, {}, 61), "closed");
      assert.deepEqual([forgotten, sender.sent], [[taskOf().id], []]);
    });

    it("delivers its result if that pays, and forgets it when the chain refuses", async () => {
      const root = await outputs.put([IMAGE]);
      slot = { ...stated(NODE, root, tipped), state: OptimisticState.Answered };
      journal.putAnswer(roundOf(tipped), root);
      assert.equal(await tend(10, tipped, 60), 11);
      const result = { tensors: [IMAGE] };
      const call = deliverOptimistic.call(ADDRESSES as Client["addresses"], {
        job: packed(tipped),
        node: NODE,
        result,
      });
      assert.deepEqual(sender.actions, [{ kind: "deliver", subject: taskOf(tipped).id, ...call }]);
      sender.before = () => {
        throw new Error("refused");
      };
      await tend(11, tipped, 61);
      assert.equal(await tend(13, tipped, 63), "closed");
    });

    it("delivers nothing that is not its own, not paid for, done, or not here", async () => {
      const root = await outputs.put([IMAGE]);
      const own: Slot = { ...stated(NODE, root, tipped), state: OptimisticState.Answered };
      const cases: readonly (readonly [Slot, Partial<OptimisticOrder>])[] = [
        [{ ...stated(OTHER, root, tipped), state: own.state }, tipped],
        [{ ...own, state: OptimisticState.Refused }, tipped],
        [{ ...own, delivered: true }, tipped],
        [{ ...own, tipGone: true }, tipped],
        [{ ...stated(NODE, root, untipped), state: own.state }, untipped],
        [{ ...stated(NODE, root), state: own.state }, {}],
      ];
      for (const [given, changes] of cases) {
        slot = given;
        journal.putAnswer(roundOf(changes), root);
        await tend(10, changes);
      }
      slot = own;
      await tend(10, { ...tipped, nonce: 9n }); // its root is not in the journal
      assert.deepEqual(kinds(), []);
    });
  });
});
