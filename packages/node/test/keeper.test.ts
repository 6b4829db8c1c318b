import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";

import { JobState, PayloadError, drawSeed, errorRoot, isDrawn, resultOf } from "@opg-protocol/sdk";
import { id } from "ethers";

import type { Head, KnownJob } from "../dist/chain/Chain.js";
import type { Answerer } from "../dist/jobs/Answerer.js";
import { JobKeeper, type JobKeeperModules } from "../dist/jobs/JobKeeper.js";
import { Seats } from "../dist/jobs/Seats.js";
import { Journal } from "../dist/journal/Journal.js";
import { deriveSalt } from "../dist/journal/salt.js";
import { createLogger } from "../dist/log.js";
import { Offers } from "../dist/offer/Offers.js";
import type { HandedIn } from "../dist/relay/Relays.js";
import { isOwed } from "../dist/send/Budget.js";
import { OutputStore } from "../dist/serve/OutputStore.js";
import { FakeChain } from "./support/FakeChain.ts";
import { FakeSender } from "./support/FakeSender.ts";
import { temporaryFolder } from "./support/folder.ts";
import { BLOCK, HORIZON, ORDERED_AT, SEED_BLOCK, VERSION, knownJob, openRecord } from "./support/knownJob.ts";
import { IMAGE } from "./support/network.ts";

const LOG = createLogger("silent", false);
const NODE = `0x${"0d".repeat(20)}`;
const SECRET = Buffer.alloc(32, 1);
const CONFIRMATIONS = 2;
const SEED_PERIOD = 1_000;
const ROOT = id("output");
const { signal } = new AbortController();

describe("JobKeeper", () => {
  const folder = temporaryFolder();
  const job = knownJob();
  const { jobId } = job;
  let chain: FakeChain;
  let sender: FakeSender;
  let journal: Journal;
  let offers: Offers;
  let outputs: OutputStore;
  let keeper: JobKeeper;
  /** What the model answers now. */
  let answer: () => Promise<{ outputRoot: string; fault: PayloadError }>;
  let answersAsked: number;
  let roundId: string;
  let salt: string;

  const settings = { node: NODE, secret: SECRET, confirmations: CONFIRMATIONS, seedPeriod: SEED_PERIOD };
  const start = (changes: Partial<JobKeeperModules> = {}): void => {
    const answerer = {
      answer: () => {
        answersAsked += 1;
        return answer();
      },
      forget: () => undefined,
    } as unknown as Answerer;
    const seats = new Seats(chain, NODE);
    const modules = { chain, witness: undefined, journal, sender: sender.asSender(), seats, answerer, offers, outputs };
    keeper = new JobKeeper({ ...modules, relays: undefined, log: LOG, ...changes }, settings);
  };
  /** The head so many seconds, and as many blocks, after the order. */
  const after = (seconds: number): Head => ({
    number: BLOCK + seconds,
    hash: id(`block ${seconds}`),
    timestamp: ORDERED_AT + seconds,
  });
  const tend = (seconds: number, of: KnownJob = job) => keeper.tend(of, after(seconds), signal);
  const sealOf = (root: string) => `commit ${jobId} ${roundId}+${root}+${salt}`;
  /** A round in which sealing ended 20 seconds after the order. */
  const sealed = { sealedCount: 2, sealEndsAt: ORDERED_AT + 20, lastSealEndsAt: ORDERED_AT + 40 };
  const noteSeal = (attempt = 0, outputRoot = ROOT) =>
    journal.putSeal({ roundId: chain.roundId(jobId, attempt), jobId, attempt, outputRoot, salt });

  beforeEach(() => {
    chain = new FakeChain();
    sender = new FakeSender();
    journal = Journal.open(join(folder, `${randomUUID()}.sqlite`), { chainId: 1n, market: "market", node: "node" });
    journal.advance({ number: BLOCK, hash: "hash" }, [{ jobId, packed: "", input: job.input, blockNumber: BLOCK }]);
    offers = new Offers(chain, journal, sender.asSender(), { lockDays: 1, claimAbove: 1n }, LOG);
    offers.add({ id: VERSION, floorPrice: 5n }, { versionId: VERSION, path: "", digest: "", inputs: [], outputs: [] });
    outputs = new OutputStore(join(folder, randomUUID()));
    answer = () => Promise.resolve({ outputRoot: ROOT, fault: PayloadError.None });
    answersAsked = 0;
    roundId = chain.roundId(jobId, 0);
    salt = deriveSalt(SECRET, roundId);
    chain.setRecord(openRecord());
    chain.setRound(jobId, 0, "none");
    chain.servingNow = { weight: 1n, maxLock: 40n, used: 0n, earned: 0n, endsAt: ORDERED_AT + 10 * HORIZON };
    chain.hashes.set(BLOCK, id("its block"));
    start();
  });

  it("seals its answer, which is in the journal before it is sent, and keeps gas for the reveal", async () => {
    sender.before = () => {
      assert.deepEqual(journal.seal(roundId), { roundId, jobId, attempt: 0, outputRoot: ROOT, salt });
    };
    assert.equal(await tend(5), ORDERED_AT + 6);
    assert.deepEqual(sender.sent, [sealOf(ROOT)]);
    assert.equal(sender.actions[0]?.reserve, 70_000n);
  });

  describe("keeps away", () => {
    const staysAway = async (seconds = 5, of = job) => {
      await tend(seconds, of);
      assert.deepEqual([sender.sent, journal.sealsOf(jobId), answersAsked], [[], [], 0]);
    };

    it("when it is not drawn", async () => {
      chain.weightsNow = { weight: 0n, total: 1n };
      assert.equal(await tend(5), ORDERED_AT + HORIZON);
      await staysAway();
    });

    it("below its floor price", async () => {
      await staysAway(5, knownJob({ seatPrice: 4n }));
    });

    it("from a version that it does not offer", async () => {
      offers.quarantine(VERSION, "why");
      await staysAway();
    });

    it("when its lock has no room for the collateral", async () => {
      chain.servingNow = { ...chain.servingNow, used: 1n };
      await staysAway();
    });

    it("when its lock ends before the job can be over", async () => {
      chain.servingNow = { ...chain.servingNow, endsAt: ORDERED_AT + 5 + HORIZON - 1 };
      await staysAway();
    });

    it("when all seats are taken", async () => {
      chain.setRound(jobId, 0, "none", { ...sealed, sealedCount: 9 });
      await staysAway();
    });

    it("when sealing is over", async () => {
      await staysAway(40);
      chain.setRound(jobId, 0, "none", { ...sealed, sealEndsAt: ORDERED_AT + 5 });
      await staysAway();
    });

    it("when the other provider knows another block, or none", async () => {
      for (const hash of [id("another block"), undefined]) {
        start({ witness: { blockHash: () => Promise.resolve(hash) } });
        await staysAway();
      }
      start({ witness: { blockHash: () => Promise.resolve(id("its block")) } });
      await tend(5);
      assert.deepEqual(sender.sent, [sealOf(ROOT)]);
    });

    it("from an audit of a job in which it sat", async () => {
      noteSeal();
      chain.setRecord(openRecord({ state: JobState.Audit, startedAt: ORDERED_AT }));
      await tend(5);
      assert.deepEqual([sender.sent, answersAsked], [[], 0]);
    });

    it("when it cannot answer", async () => {
      answer = () => Promise.reject(new Error("out of memory"));
      await tend(5);
      assert.deepEqual([sender.sent, journal.sealsOf(jobId)], [[], []]);
    });
  });

  it("waits for the step of the draw in which it may sit", async () => {
    const lot = { node: NODE, weight: 1n, totalWeight: 20n, quorum: 2, seatFactorBps: 15_000n };
    let seed = 1n;
    while (isDrawn({ ...lot, seed, step: 1 }) || !isDrawn({ ...lot, seed, step: 2 })) seed += 1n;
    chain.weightsNow = { weight: 1n, total: 25n };
    chain.setRecord(openRecord({ seed }), 5n); // those that sat before weigh 5
    assert.equal(await tend(19), ORDERED_AT + 20);
    assert.deepEqual(sender.sent, []);
    await tend(20);
    assert.deepEqual(sender.sent, [sealOf(ROOT)]);
  });

  it("finds a seed that nobody has recorded in the block that it comes from, as soon as that is there", async () => {
    chain.setRecord(openRecord({ seed: 0n }));
    chain.hashes.set(SEED_BLOCK, id("seed block"));
    assert.equal(await tend(SEED_BLOCK - BLOCK), ORDERED_AT + SEED_BLOCK - BLOCK + 1);
    assert.deepEqual(sender.sent, []);
    await tend(5);
    assert.deepEqual(sender.sent, [sealOf(ROOT)]);
  });

  it("seals a round anew with what was noted first, whatever the model answers now", async () => {
    await tend(5);
    answer = () => Promise.resolve({ outputRoot: id("another"), fault: PayloadError.None });
    start();
    await tend(6); // the first seal has not come to the chain, or a reorganisation took it away
    assert.deepEqual(sender.sent, [sealOf(ROOT), sealOf(ROOT)]);
    assert.equal(answersAsked, 1);
  });

  it("does not seal again what is sealed", async () => {
    await tend(5);
    chain.setRound(jobId, 0, "sealed", sealed);
    for (let seconds = 6; seconds < 20; seconds += 1) await tend(seconds);
    chain.setRound(jobId, 0, "revealed", sealed);
    for (let seconds = 6; seconds < 20; seconds += 1) await tend(seconds);
    assert.deepEqual(sender.sent, [sealOf(ROOT)]);
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
      start({
        relays: {
          offerSeal: (of, round, commitment) => take("seal", of.jobId, round, commitment),
          offerReveal: (of, round, root, given) => take("reveal", of.jobId, round, root, given),
        },
      });
    });

    it("leaves its seal to it, and sends it in time where nobody has posted it [T173]", async () => {
      assert.equal(await tend(5), ORDERED_AT + 7);
      assert.deepEqual(handedIn, [`seal ${jobId} ${roundId} ${roundId}+${ROOT}+${salt}`]);
      assert.deepEqual(sender.sent, []);
      assert.deepEqual(journal.seal(roundId)?.outputRoot, ROOT);
      await tend(7);
      assert.deepEqual(sender.sent, [sealOf(ROOT)]);
    });

    it("has the last three tenths for that of each step, the widened ones too", async () => {
      assert.equal(await tend(22), ORDERED_AT + 27);
      assert.deepEqual(sender.sent, []);
      await tend(28);
      assert.deepEqual(sender.sent, [sealOf(ROOT)]);
    });

    it("sends its seal at once where no relayer takes it", async () => {
      outcome = "refused";
      assert.equal(await tend(5), ORDERED_AT + 6);
      assert.deepEqual([handedIn.length, sender.sent], [1, [sealOf(ROOT)]]);
    });

    it("hands in no seal that it could not reveal by itself", async () => {
      sender.isRich = false;
      await tend(5);
      assert.deepEqual([handedIn, sender.sent], [[], [sealOf(ROOT)]]);
      // A reveal, and before it nine seals that somebody has to unpack.
      assert.equal(sender.gasAsked, 70_000n + 60_000n + 9n * 27_000n);
    });

    it("shows nothing before nobody can seal any more, leaves its reveal to it, and sends it in time [T173]", async () => {
      noteSeal();
      chain.setRound(jobId, 0, "sealed", sealed);
      for (let seconds = 6; seconds < 20; seconds += 1) await tend(seconds);
      assert.deepEqual(handedIn, []);
      assert.equal(await tend(20), ORDERED_AT + 20 + 15);
      assert.deepEqual(handedIn, [`reveal ${jobId} ${roundId} ${ROOT} ${salt}`]);
      assert.deepEqual(sender.sent, []);
      await tend(35);
      assert.deepEqual(sender.sent, [`reveal ${roundId} ${ROOT} ${salt}`]);
    });

    it("hands in its reveal again where the relayer's chain is behind, and sends it in time", async () => {
      outcome = "early";
      noteSeal();
      chain.setRound(jobId, 0, "sealed", sealed);
      await tend(18);
      assert.equal(await tend(20), ORDERED_AT + 21);
      await tend(21);
      assert.equal(handedIn.length, 2);
      assert.deepEqual(sender.sent, []);
      await tend(35);
      assert.equal(handedIn.length, 2);
      assert.deepEqual(sender.sent, [`reveal ${roundId} ${ROOT} ${salt}`]);
    });

    it("reveals at once where no relayer takes it", async () => {
      outcome = "refused";
      noteSeal();
      chain.setRound(jobId, 0, "sealed", sealed);
      await tend(18);
      await tend(20);
      assert.deepEqual(sender.sent, [`reveal ${roundId} ${ROOT} ${salt}`]);
    });
  });

  describe("where a relayer has packed seals", () => {
    const unpack = () => `unpack ${roundId}`;
    const kinds = () => sender.actions.map(({ kind }) => kind);

    it("unpacks those of others to sit with them, without asking a relayer, and then seals", async () => {
      const refused = () => Promise.reject(new Error("it cannot post that"));
      start({ relays: { offerSeal: refused, offerReveal: refused } });
      chain.setPacked(jobId, "none", sealed);
      assert.equal(await tend(5), ORDERED_AT + 6);
      assert.deepEqual([sender.sent, kinds()], [[unpack()], ["unpack"]]);
      assert.equal(journal.seal(roundId)?.outputRoot, ROOT);
      start();
      chain.setRound(jobId, 0, "none", sealed);
      await tend(6);
      assert.deepEqual(sender.sent.slice(1), [sealOf(ROOT)]);
    });

    it("goes on where somebody else was faster", async () => {
      chain.setPacked(jobId, "none", sealed);
      sender.before = () => {
        throw new Error("CommitmentsOtherPack");
      };
      assert.equal(await tend(5), ORDERED_AT + 6);
    });

    it("unpacks none that are full, or when sealing is over", async () => {
      chain.setPacked(jobId, "none", { ...sealed, sealedCount: 9 });
      await tend(5);
      chain.setPacked(jobId, "none", sealed);
      await tend(20);
      assert.deepEqual(sender.sent, []);
    });

    it("does not seal again what is among them", async () => {
      noteSeal();
      chain.setPacked(jobId, "sealed", sealed);
      for (let seconds = 6; seconds < 20; seconds += 1) assert.equal(await tend(seconds), ORDERED_AT + 20);
      assert.deepEqual(sender.sent, []);
    });

    it("unpacks them in its turn, or when half of the time is over, and reveals; whatever the budget says", async () => {
      noteSeal();
      chain.setPacked(jobId, "sealed", sealed);
      await tend(18);
      await tend(20);
      await tend(26); // all three places have had their turn by then
      assert.ok(sender.sent.length > 0);
      assert.ok(sender.sent.every((call) => call === unpack()));
      assert.ok(kinds().every(isOwed));
      chain.setRound(jobId, 0, "sealed", sealed);
      sender.actions.length = 0;
      await tend(27);
      assert.deepEqual(sender.sent, [`reveal ${roundId} ${ROOT} ${salt}`]);

      const turnOf = (block: number) => ({ ...after(block), number: BLOCK + 48 }); // the chain does not grow
      sender.actions.length = 0;
      start();
      chain.setPacked(jobId, "sealed", sealed);
      await keeper.tend(job, { ...turnOf(48), number: BLOCK + 46 }, signal);
      await keeper.tend(job, turnOf(50), signal);
      assert.deepEqual(sender.sent, [unpack()]);
    });

    it("counts the blocks to its turn anew in a job that it had forgotten", async () => {
      noteSeal();
      const first = BLOCK + 46;
      const show = (number: number) => keeper.tend(job, { ...after(40), number }, signal);
      chain.setPacked(jobId, "sealed", sealed);
      for (const number of [first, first + 1, first + 2]) await show(number);
      assert.deepEqual(sender.sent, []); // its place is not the first one
      chain.setRecord(openRecord({ state: JobState.Agreed }));
      for (const number of [first + 20, first + 22]) await show(number);
      assert.equal(journal.openJob(jobId), undefined);
      chain.setRecord(openRecord());
      for (const number of [first + 30, first + 31, first + 32]) await show(number);
      assert.deepEqual(sender.sent, []);
      for (const number of [first + 33, first + 34, first + 35, first + 36]) await show(number);
      assert.deepEqual(new Set(sender.sent), new Set([unpack()]));
    });

    it("moves them on when the time to reveal is over, though its own seal is not among them", async () => {
      noteSeal();
      chain.weightsNow = { weight: 0n, total: 1n };
      chain.setPacked(jobId, "none", sealed);
      assert.equal(await tend(30), ORDERED_AT + 80);
      chain.stepNow = "unpack";
      await tend(80);
      await tend(86);
      assert.ok(sender.sent.length > 0);
      assert.ok(sender.sent.every((call) => call === unpack()));
      assert.deepEqual(new Set(kinds()), new Set(["unpack"]));
      assert.equal(isOwed("unpack"), false);
    });

    it("delivers what a job ended with while they were packed", async () => {
      const root = await outputs.put([IMAGE]);
      const paid = knownJob({ callback: NODE, deliveryTip: 1n });
      noteSeal(0, root);
      chain.setPacked(jobId, "sealed", sealed);
      chain.setRecord(openRecord({ state: JobState.Agreed, result: resultOf(root) }));
      await tend(50, paid);
      await tend(56, paid);
      assert.deepEqual(sender.sent.slice(-1), [`deliver ${jobId} tensors`]);
      chain.setRecord(openRecord({ state: JobState.Agreed, result: resultOf(root), delivered: true }));
      await tend(57, paid);
      assert.equal(await tend(60, paid), "closed");
    });
  });

  describe("reveals", () => {
    const reveal = () => `reveal ${roundId} ${ROOT} ${salt}`;
    beforeEach(() => {
      noteSeal();
      chain.setRound(jobId, 0, "sealed", sealed);
    });

    it("not before nobody can seal any more", async () => {
      for (let seconds = 6; seconds < 20; seconds += 1) assert.equal(await tend(seconds), ORDERED_AT + 20);
      assert.deepEqual(sender.sent, []);
      await tend(20);
      assert.deepEqual(sender.sent, [reveal()]);
    });

    it("not before the last step is over where seals are missing", async () => {
      chain.setRound(jobId, 0, "sealed", { ...sealed, sealedCount: 1 });
      assert.equal(await tend(20), ORDERED_AT + 40);
      await tend(39);
      assert.deepEqual(sender.sent, []);
    });

    it("not before its seal has confirmations, counted anew when the chain has become shorter", async () => {
      await tend(30);
      await tend(31);
      await tend(29);
      await tend(30);
      assert.deepEqual(sender.sent, []);
      await tend(31);
      assert.deepEqual(sender.sent, [reveal()]);
    });

    it("not when the time for it is over", async () => {
      await tend(70);
      assert.equal(await tend(80), "never");
      assert.deepEqual(sender.sent, []);
    });

    it("what the journal has, though the model answers otherwise now", async () => {
      answer = () => Promise.resolve({ outputRoot: id("another"), fault: PayloadError.None });
      await tend(19);
      await tend(21);
      assert.deepEqual([sender.sent, answersAsked], [[reveal()], 0]);
    });

    it("what it finds again, with the salt derived again, where the journal is lost", async () => {
      const owner = { chainId: 1n, market: "market", node: "node" };
      journal = Journal.open(join(folder, `${randomUUID()}.sqlite`), owner);
      start();
      await tend(19);
      await tend(21);
      assert.deepEqual([sender.sent, answersAsked], [[reveal()], 1]);
      assert.equal(journal.seal(roundId)?.outputRoot, ROOT);
    });

    it("and settles, when it is the last one; only reveals, when that is refused", async () => {
      chain.setRound(jobId, 0, "sealed", { ...sealed, revealedCount: 1 });
      await tend(19);
      await tend(21);
      assert.deepEqual(sender.sent, [`revealAndSettle ${jobId} ${ROOT} ${salt} seat`]);
      assert.equal(sender.actions[0]?.kind, "reveal");
      sender.before = ({ data }) => {
        if (data.startsWith("revealAndSettle")) throw new Error("it cannot be settled yet");
      };
      await tend(22);
      assert.deepEqual(sender.sent.slice(1), [reveal()]);
    });
  });

  describe("when the horizon of a job is over", () => {
    it("gives up a job in which it has no stake", async () => {
      assert.equal(await tend(HORIZON), "closed");
      assert.equal(journal.openJob(jobId), undefined);
    });

    it("does not give up one that it has sealed", async () => {
      noteSeal();
      chain.setRound(jobId, 0, "revealed", { ...sealed, revealedCount: 2 });
      assert.notEqual(await tend(HORIZON), "closed");
      assert.notEqual(journal.openJob(jobId), undefined);
    });
  });

  it("moves a job on in which it has a stake, when its turn has come, and no other", async () => {
    chain.stepNow = "settle";
    chain.weightsNow = { weight: 0n, total: 1n };
    for (let seconds = 21; seconds < 30; seconds += 1) await tend(seconds);
    assert.deepEqual(sender.sent, []);
    noteSeal();
    chain.setRound(jobId, 0, "revealed", { ...sealed, revealedCount: 2 });
    await tend(30);
    await tend(36); // all three places have had their turn by then
    assert.ok(sender.sent.length > 0);
    assert.ok(sender.sent.every((call) => call === `settle ${jobId} seat`));
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
    chain.hashes.set(SEED_BLOCK, hash);
    chain.weightsNow = { weight: 1n, total: 20n };
    chain.setRecord(openRecord({ seed: 0n }));
    assert.equal(await tend(100, long), ORDERED_AT + SEED_PERIOD / 2);
    assert.deepEqual(sender.sent, []);
    await tend(500, long);
    await tend(506, long);
    assert.ok(sender.sent.length > 0);
    assert.ok(sender.sent.every((call) => call === `advance ${jobId}`));
  });

  describe("when a job is final", () => {
    it("forgets it after some confirmations", async () => {
      chain.setRecord(openRecord({ state: JobState.Agreed }));
      assert.deepEqual([await tend(50), await tend(51)], [ORDERED_AT + 51, ORDERED_AT + 52]);
      assert.equal(await tend(52), "closed");
      assert.equal(journal.openJob(jobId), undefined);
    });

    it("delivers an output that it has, or an error, if there is a tip for it and it had a stake", async () => {
      const paid = knownJob({ callback: NODE, deliveryTip: 1n });
      const outcomes = [
        { leader: await outputs.put([IMAGE]), delivered: [`deliver ${jobId} tensors`] },
        { leader: errorRoot(PayloadError.InputMalformed), delivered: [`deliver ${jobId} fault`] },
        { leader: id("an output of others"), delivered: [] },
      ];
      chain.setRecord(openRecord({ state: JobState.Agreed }));
      await tend(41, paid);
      await tend(47, paid);
      assert.deepEqual(sender.sent, []);
      noteSeal();
      for (const { leader, delivered } of outcomes) {
        sender.actions.length = 0;
        start();
        chain.setRound(jobId, 0, "revealed", sealed, leader);
        await tend(50, paid);
        await tend(56, paid);
        assert.deepEqual(sender.sent.slice(-1), delivered);
      }
      chain.setRecord(openRecord({ state: JobState.Agreed, delivered: true }));
      chain.setRound(jobId, 0, "revealed", sealed, outcomes[0]?.leader);
      start();
      sender.actions.length = 0;
      await tend(60, paid);
      await tend(66, paid);
      assert.deepEqual(sender.sent, []);
    });

    it("does not run a version any more when an appeal found its answer wrong", async () => {
      noteSeal();
      chain.setRecord(openRecord({ state: JobState.Decided }));
      chain.setRound(jobId, 2, "none", {}, ROOT);
      await tend(50);
      assert.deepEqual(offers.versions(), [VERSION]);
      chain.setRound(jobId, 2, "none", {}, id("the right one"));
      await tend(51);
      assert.deepEqual(offers.versions(), []);
      assert.deepEqual([...journal.quarantined().keys()], [VERSION]);
    });
  });

  describe("where a referee can judge", () => {
    const disputable = knownJob({ windowPeriod: 100 });

    it("keeps away from faults that it could not prove, and states the others", async () => {
      for (const fault of [PayloadError.InputMissing, PayloadError.RefusedByModel]) {
        answer = () => Promise.resolve({ outputRoot: errorRoot(fault), fault });
        await tend(5, disputable);
      }
      assert.deepEqual([sender.sent, journal.sealsOf(jobId)], [[], []]);
      const root = errorRoot(PayloadError.InputMalformed);
      answer = () => Promise.resolve({ outputRoot: root, fault: PayloadError.InputMalformed });
      await tend(6, disputable);
      assert.deepEqual(sender.sent, [sealOf(root)]);
    });

    it("reveals without settling, and looks at the job again when the window is over", async () => {
      noteSeal();
      chain.setRound(jobId, 0, "sealed", { ...sealed, revealedCount: 1 });
      await tend(19, disputable);
      await tend(21, disputable);
      assert.deepEqual(sender.sent, [`reveal ${roundId} ${ROOT} ${salt}`]);
      chain.setRound(jobId, 0, "revealed", { ...sealed, revealedCount: 2, revealPeriod: 60, windowPeriod: 100 });
      assert.equal(await tend(22, disputable), ORDERED_AT + 20 + 60 + 100);
      assert.equal(await tend(300, disputable), ORDERED_AT + 305);
    });

    it("delivers what it was right with, whatever leads, and no longer runs a version it was wrong with", async () => {
      const root = await outputs.put([IMAGE]);
      const paid = knownJob({ windowPeriod: 100, callback: NODE, deliveryTip: 1n });
      noteSeal(0, root);
      chain.setRound(jobId, 0, "revealed", sealed, id("a lie that leads"));
      chain.setRecord(openRecord({ state: JobState.Decided, result: resultOf(root) }));
      await tend(50, paid);
      await tend(56, paid);
      assert.deepEqual(sender.sent, [`deliver ${jobId} tensors`]);
      assert.deepEqual(offers.versions(), [VERSION]);
      chain.setRecord(openRecord({ state: JobState.Decided, result: resultOf(id("the right one")) }));
      await tend(57, paid);
      assert.deepEqual(offers.versions(), []);
    });
  });

  it("has nothing to do for a job that the chain does not know", async () => {
    chain.stored = undefined;
    assert.equal(await tend(5), "never");
    assert.deepEqual(sender.sent, []);
  });
});
