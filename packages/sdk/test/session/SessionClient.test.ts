import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";

import { hexlify, id, Wallet } from "ethers";

import { receiptSigner, type SignedReceipt, signReceipt } from "../../src/actions/sessions/receipts.ts";
import { encodePayload, payloadRoot } from "../../src/codecs/payload.ts";
import type { Receipt } from "../../src/codecs/receipt.ts";
import { packSession, SessionState } from "../../src/codecs/session.ts";
import { TensorLengthError } from "../../src/codecs/tensor.ts";
import { completionInputs } from "../../src/completions/index.ts";
import {
  type AnsweredCall,
  BadReceiptError,
  beginningOf,
  MemorySessionStore,
  type ReceiptFault,
  type SessionClient,
  SessionInputsError,
  type SessionProgress,
  SessionShortError,
} from "../../src/session/index.ts";
import { Random } from "../onnx/support/Random.ts";
import { type Conduct, FIELDS, input, otherWord, PRICE, SIGNER, TestDoor } from "./support.ts";

const RUNS = 20;
const CALLS = 20;
const ended = (reason: string) => ({ name: "SessionEndedError", reason });

describe("MemorySessionStore", () => {
  const archived = async (store: MemorySessionStore) => {
    for (const sequence of [1n, 2n, 2n, 3n]) {
      const receipt = { sessionId: id("session"), sequence } as SignedReceipt;
      await store.archive({ receipt, inputs: [], outputs: [] });
    }
    return store.calls.map(({ receipt }) => receipt.sequence);
  };

  it("keeps as many answered calls as it is told to, the newest, each once", async () => {
    assert.deepEqual(await archived(new MemorySessionStore(10)), [1n, 2n, 3n]);
    assert.deepEqual(await archived(new MemorySessionStore(2)), [2n, 3n]);
    assert.deepEqual(await archived(new MemorySessionStore()), []);
  });
});

describe("SessionClient", () => {
  let door: TestDoor;
  before(() => {
    door = new TestDoor();
  });
  beforeEach(async () => {
    door.close();
    door = await new TestDoor().listen();
  });
  after(() => {
    door.close();
  });

  it("sends a voucher with each call, checks the receipt, and keeps both for a dispute", async () => {
    const store = new MemorySessionStore(10);
    const session = door.session({ store });
    for (const number of [1, 2, 3]) {
      const { outputs, receipt } = await session.infer({ inputs: input(number) });
      assert.deepEqual([...(outputs[0]?.data ?? [])], [255 - number, 255]);
      assert.equal(receipt.sequence, BigInt(number));
    }
    assert.equal(await session.spent(), 3n * PRICE);
    assert.equal(door.best, 3n * PRICE);
    assert.deepEqual(
      store.calls.map(({ receipt, inputs }) => [receipt.sequence, inputs]),
      [1, 2, 3].map((number) => [BigInt(number), input(number)]),
    );
    assert.equal(door.standing.asked, 1); // the chain is not asked with every call
  });

  it("keeps calls that are made at once in a line", async () => {
    const session = door.session();
    const answers = await Promise.all([1, 2, 3, 4].map((number) => session.infer({ inputs: input(number) })));
    assert.deepEqual(
      answers.map(({ receipt }) => receipt.sequence),
      [1n, 2n, 3n, 4n],
    );
  });

  const twist = (change: (receipt: Receipt) => Partial<Receipt>): Conduct => ({
    receipt: (receipt) => ({ ...receipt, ...change(receipt) }),
  });
  const lies: readonly (readonly [ReceiptFault, string, Conduct])[] = [
    ["missing", "no receipt", { header: null }],
    ["malformed", "a receipt that is no JSON", { header: "{" }],
    ["malformed", "a receipt with a price that is no number", { header: '{"issuedAt":1,"price":-1}' }],
    ["session", "a receipt of another session", twist(({ sessionId }) => ({ sessionId: otherWord(sessionId) }))],
    ["sequence", "a receipt of another call", twist(({ sequence }) => ({ sequence: sequence + 1n }))],
    ["version", "a receipt for another version", twist(({ versionId }) => ({ versionId: otherWord(versionId) }))],
    ["input", "a receipt for another input", twist(({ inputRoot }) => ({ inputRoot: otherWord(inputRoot) }))],
    ["names", "an answer under another name", { outputs: ([y]) => (y ? [{ ...y, name: "z" }] : []) }],
    ["names", "an answer with less than the version gives", { outputs: () => [] }],
    ["names", "an answer with more than the version gives", { outputs: ([y]) => (y ? [y, { ...y, name: "z" }] : []) }],
    ["output", "a receipt for another output", twist(({ outputRoot }) => ({ outputRoot: otherWord(outputRoot) }))],
    ["price", "a receipt for more than was agreed", twist(({ price }) => ({ price: price + 1n }))],
    ["time", "a receipt from before the call", twist(({ issuedAt }) => ({ issuedAt: issuedAt - 70 }))],
    ["time", "a receipt that cannot be shown yet", twist(({ issuedAt }) => ({ issuedAt: issuedAt + 70 }))],
    ["signer", "a receipt that somebody else has signed", { signer: new Wallet(id("somebody else")) }],
  ];
  for (const [fault, what, conduct] of lies) {
    it(`pays nothing more after ${what}`, async () => {
      const session = door.session();
      await session.infer({ inputs: input(1) });
      door.conduct = () => conduct;
      const refused = (error: unknown) =>
        error instanceof BadReceiptError && error.fault === fault && error.sequence === 2n;
      await assert.rejects(session.infer({ inputs: input(2) }), refused);
      door.conduct = () => ({});
      const sent = door.requests.length;
      await assert.rejects(session.infer({ inputs: input(3) }), refused);
      assert.equal(door.requests.length, sent);
      assert.equal(await session.spent(), PRICE);
      assert.equal(door.best, 2n * PRICE); // the one call that was at risk
    });
  }

  describe("where the node changes its signer", () => {
    const NEW = new Wallet(id("next signer of the node"));
    const rotate = (until: number) => {
      door.standing.earlier = { signer: SIGNER.address, until };
      door.standing.signer = NEW.address;
    };
    const now = () => Math.floor(Date.now() / 1_000);

    it("takes receipts of the new one at once", async () => {
      const session = door.session();
      await session.infer({ inputs: input(1) });
      rotate(now());
      door.conduct = () => ({ signer: NEW });
      await session.infer({ inputs: input(2) });
      assert.equal(door.standing.asked, 1);
    });

    it("takes a receipt that the old one has signed in its time", async () => {
      const store = new MemorySessionStore();
      door.conduct = () => ({ hangsUp: "after" });
      await assert.rejects(door.session({ store, retries: 0 }).infer({ inputs: input(1) }));
      rotate(now() + 1);
      door.conduct = () => ({});
      const { receipt } = await door.session({ store }).infer({ inputs: input(1) });
      assert.deepEqual(receipt, door.served.get(1n));
    });

    it("takes none that the new one has dated back, or the old one has signed later", async () => {
      const fault = { name: "BadReceiptError", fault: "signer" };
      rotate(now() - 10);
      door.conduct = () => ({ signer: NEW, receipt: (receipt) => ({ ...receipt, issuedAt: receipt.issuedAt - 20 }) });
      await assert.rejects(door.session().infer({ inputs: input(1) }), fault);
      door.served.clear();
      door.conduct = () => ({ signer: SIGNER });
      await assert.rejects(door.session().infer({ inputs: input(1) }), fault);
    });
  });

  it("accepts a receipt for less, and counts what it says", async () => {
    const session = door.session();
    door.conduct = () => ({ receipt: (receipt) => ({ ...receipt, price: PRICE - 1n }) });
    await session.infer({ inputs: input(1) });
    assert.equal(await session.spent(), PRICE - 1n);
  });

  it("sends a call again that was not answered, under its number and with its voucher", async () => {
    const conducts: Conduct[] = [{ hangsUp: "before" }, { status: 503 }, {}];
    door.conduct = () => conducts.shift() ?? {};
    const { receipt } = await door.session().infer({ inputs: input(1) });
    assert.equal(receipt.sequence, 1n);
    assert.equal(door.inferences, 3);
    assert.equal(door.best, PRICE);
  });

  it("gets the same receipt where the answer was lost, and pays once", async () => {
    const conducts: Conduct[] = [{ hangsUp: "after" }, {}];
    door.conduct = () => conducts.shift() ?? {};
    const session = door.session();
    const { receipt } = await session.infer({ inputs: input(1) });
    assert.deepEqual(receipt, door.served.get(1n));
    assert.equal(await session.spent(), PRICE);
    assert.equal(door.served.size, 1);
  });

  it("gives up after its retries, and what it says no to at once it does not ask again", async () => {
    door.conduct = () => ({ status: 503 });
    await assert.rejects(door.session({ retries: 1 }).infer({ inputs: input(1) }), { status: 503 });
    assert.equal(door.inferences, 2);
    door.conduct = () => ({ status: 402 });
    await assert.rejects(door.session().infer({ inputs: input(1) }), { status: 402, reason: "no" });
    assert.equal(door.inferences, 3);
  });

  it("does not ask again for an answer that has come, and is none or too long", async () => {
    door.conduct = () => ({ body: "no json" });
    await assert.rejects(door.session().infer({ inputs: input(1) }), { name: "OipFormatError", place: "body" });
    door.conduct = () => ({ body: "x".repeat(64 * 1024 * 1024 + 1) });
    await assert.rejects(door.session().infer({ inputs: input(1) }), { name: "RangeError" });
    assert.equal(door.inferences, 2);
  });

  it("fetches the answer to a call that was served and that it has given up, before it pays for another", async () => {
    const store = new MemorySessionStore(10);
    const session = door.session({ retries: 0, store });
    door.conduct = () => ({ hangsUp: "after" });
    await assert.rejects(session.infer({ inputs: input(1) }));
    door.conduct = () => ({});
    const { receipt } = await session.infer({ inputs: input(2) });
    assert.deepEqual(door.requests.slice(1, 2), ["GET /v1/receipts"]);
    assert.equal(receipt.sequence, 2n);
    assert.equal(await session.spent(), 2n * PRICE);
    assert.deepEqual(
      store.calls.map((call) => [call.receipt.sequence, call.inputs]),
      [
        [1n, input(1)],
        [2n, input(2)],
      ],
    );
  });

  it("pays one call, whatever it is asked, to a node that gives receipts and keeps its answers", async () => {
    const session = door.session({ retries: 0 });
    door.conduct = () => ({ hangsUp: "after" });
    for (const number of [1, 2, 3, 4]) await assert.rejects(session.infer({ inputs: input(number) }), TypeError);
    assert.deepEqual([door.served.size, door.best, await session.spent()], [1, PRICE, 0n]);
    door.conduct = () => ({ status: 409 });
    const withheld = { name: "BadReceiptError", fault: "withheld", receipt: door.served.get(1n) };
    await assert.rejects(session.infer({ inputs: input(5) }), withheld);
    await assert.rejects(session.infer({ inputs: input(1) }), withheld);
  });

  it("pays nothing more where it asks for a receipt, and is given what is none", async () => {
    const session = door.session({ retries: 0 });
    door.conduct = () => ({ hangsUp: "after" });
    await assert.rejects(session.infer({ inputs: input(1) }), TypeError);
    door.conduct = () => ({});
    door.says = '{"issuedAt":1,"price":-1}';
    const malformed = { name: "BadReceiptError", fault: "malformed", sequence: 1n };
    await assert.rejects(session.infer({ inputs: input(2) }), malformed);
    door.says = undefined;
    await assert.rejects(session.infer({ inputs: input(2) }), malformed);
    assert.deepEqual([door.inferences, door.best], [1, PRICE]);
  });

  it("is given no second answer to a call for which it was given a receipt", async () => {
    const session = door.session({ retries: 0 });
    door.conduct = () => ({ hangsUp: "after" });
    await assert.rejects(session.infer({ inputs: input(1) }), TypeError);
    const earlier = door.served.get(1n);
    door.conduct = () => ({ hangsUp: "before" });
    await assert.rejects(session.infer({ inputs: input(2) }), TypeError);
    door.conduct = () => ({ outputs: ([y]) => (y ? [{ ...y, data: Uint8Array.of(7, 7) }] : []) });
    const contradiction = { name: "BadReceiptError", fault: "contradiction", sequence: 1n, earlier };
    await assert.rejects(session.infer({ inputs: input(1) }), contradiction);
  });

  it("keeps the proof where a node shows two receipts of one call, and answers neither", async () => {
    const session = door.session({ retries: 0 });
    door.conduct = () => ({ hangsUp: "after" });
    await assert.rejects(session.infer({ inputs: input(1) }), TypeError);
    const earlier = door.served.get(1n) ?? assert.fail();
    await assert.rejects(session.infer({ inputs: input(2) }), TypeError); // by then it has shown the first
    const receipt = await signReceipt(door.client, SIGNER, { ...earlier, outputRoot: otherWord(earlier.outputRoot) });
    door.served.set(1n, receipt);
    const contradiction = { name: "BadReceiptError", fault: "contradiction", sequence: 1n, earlier, receipt };
    await assert.rejects(session.infer({ inputs: input(2) }), contradiction);
  });

  for (const field of ["inputRoot", "versionId"] as const) {
    it(`keeps the proof where a node gives two receipts of one call that differ in ${field} alone`, async () => {
      const session = door.session({ retries: 0 });
      door.conduct = () => ({ hangsUp: "after" });
      await assert.rejects(session.infer({ inputs: input(1) }), TypeError);
      const earlier = door.served.get(1n) ?? assert.fail();
      await assert.rejects(session.infer({ inputs: input(2) }), TypeError);
      door.served.clear();
      door.conduct = () => twist((receipt) => ({ [field]: otherWord(receipt[field]) }));
      const contradiction = { name: "BadReceiptError", fault: "contradiction", sequence: 1n, earlier };
      await assert.rejects(session.infer({ inputs: input(1) }), contradiction);
    });
  }

  it("keeps the proof where the first answer came and could not be kept", async () => {
    const store = new MemorySessionStore();
    const lost = new Error("the disk is full");
    let left = 1;
    const archive = (call: AnsweredCall) => (left-- > 0 ? Promise.reject(lost) : store.archive(call));
    const failing = { get: store.get.bind(store), put: store.put.bind(store), archive };
    const session = door.session({ store: failing });
    await assert.rejects(session.infer({ inputs: input(1) }), lost);
    const earlier = door.served.get(1n);
    door.conduct = () => ({ outputs: ([y]) => (y ? [{ ...y, data: Uint8Array.of(7, 7) }] : []) });
    const contradiction = { name: "BadReceiptError", fault: "contradiction", sequence: 1n, earlier };
    await assert.rejects(session.infer({ inputs: input(1) }), contradiction);
  });

  it("has no proof in a second receipt that somebody else has signed", async () => {
    const session = door.session({ retries: 0 });
    door.conduct = () => ({ hangsUp: "after" });
    await assert.rejects(session.infer({ inputs: input(1) }), TypeError);
    await assert.rejects(session.infer({ inputs: input(2) }), TypeError);
    door.conduct = () => ({
      outputs: ([y]) => (y ? [{ ...y, data: Uint8Array.of(7, 7) }] : []),
      signer: new Wallet(id("somebody else")),
    });
    const fault = { name: "BadReceiptError", fault: "signer", earlier: undefined };
    await assert.rejects(session.infer({ inputs: input(1) }), fault);
  });

  it("keeps the proof where a node answers one call twice, and not alike", async () => {
    const session = door.session({ retries: 0 });
    door.conduct = () => ({ hangsUp: "after" });
    await assert.rejects(session.infer({ inputs: input(1) }));
    const earlier = door.served.get(1n);
    door.conduct = () => ({ outputs: ([y]) => (y ? [{ ...y, data: Uint8Array.of(7, 7) }] : []) });
    const error: unknown = await session.infer({ inputs: input(2) }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof BadReceiptError);
    assert.deepEqual([error.fault, error.sequence, error.earlier], ["contradiction", 1n, earlier]);
    assert.notEqual(error.receipt?.outputRoot, earlier?.outputRoot);
    assert.equal(receiptSigner(door.client, error.receipt ?? assert.fail()), SIGNER.address);
    assert.equal(door.best, PRICE);
  });

  describe("where a node serves in the meantime what its payer has given up", () => {
    /** Whoever passes the call on does not notice that nobody waits for it any more. */
    const giveUp = async (session: SessionClient) => {
      const asked = new AbortController();
      door.conduct = () => {
        asked.abort();
        return { delay: 100 };
      };
      await assert.rejects(session.infer({ inputs: input(1), signal: asked.signal }), { name: "AbortError" });
    };

    it("goes on, and pays for it once", async () => {
      const session = door.session({ retries: 0 });
      await giveUp(session);
      door.conduct = () => ({});
      const { receipt } = await session.infer({ inputs: input(2) });
      assert.deepEqual([receipt.sequence, await session.spent()], [2n, 2n * PRICE]);
    });

    it("gets its answer when it asks for it again, after another call that was not served", async () => {
      const session = door.session({ retries: 0 });
      await giveUp(session);
      door.conduct = () => ({ hangsUp: "before" });
      await assert.rejects(session.infer({ inputs: input(2) }), TypeError);
      door.conduct = () => ({});
      const { receipt } = await session.infer({ inputs: input(1) });
      assert.deepEqual([receipt, await session.spent()], [door.served.get(1n), PRICE]);
    });

    it("accuses it of nothing after a restart, whatever was sent last", async () => {
      const store = new MemorySessionStore();
      const session = door.session({ retries: 0, store });
      await giveUp(session);
      door.conduct = () => ({ hangsUp: "before" });
      await assert.rejects(session.infer({ inputs: input(2) }), TypeError);
      door.conduct = () => ({});
      const again = door.session({ store });
      const { receipt } = await again.infer({ inputs: input(2) });
      assert.deepEqual([receipt.sequence, await again.spent()], [2n, 2n * PRICE]);
    });

    it("accuses it of nothing where so much was given up that it is not all known, and ends", async () => {
      const store = new MemorySessionStore();
      await giveUp(door.session({ retries: 0, store }));
      await door.idle();
      const sent = Array.from({ length: 256 }, (_, i) => ({ inputRoot: id(`${i}`), sentAt: 0 }));
      await store.put(door.sessionId, { next: 1n, spent: 0n, sent });
      door.conduct = () => ({});
      const reason = "more than 256 calls were given up under one number, and the node has served one of them";
      await assert.rejects(door.session({ store }).infer({ inputs: input(2) }), ended(reason));
    });
  });

  describe("where a stream breaks off", () => {
    const text = {
      inputs: [
        { name: "prompt", dtype: 2, shape: [8] },
        ...["limit", "seed", "temperature"].map((name) => ({ name, dtype: 6, shape: [1] })),
      ],
      outputs: [{ name: "text" }],
    };
    const inputs = completionInputs(text, { prompt: "ab", limit: 4 });
    const signature = { ...text, outputs: ["y", "y1", "y2", "y3"].map((name) => ({ name })) }; // what the door makes of them

    for (const restarts of [false, true]) {
      const when = restarts ? ", before a restart" : "";
      it(`takes its beginning for what was served, also of a call that was sent whole before${when}`, async () => {
        const store = new MemorySessionStore();
        const parameters = { signature, store, retries: 0 };
        const session = door.session(parameters);
        door.conduct = () => ({ hangsUp: "before" });
        await assert.rejects(session.infer({ inputs }), TypeError);
        const sentAt = (await store.get(door.sessionId))?.sent[0]?.sentAt;
        const conducts: Conduct[] = [{ cutsAt: 2 }];
        const noted: (SessionProgress | undefined)[] = [];
        door.conduct = () => {
          void store.get(door.sessionId).then((progress) => noted.push(progress));
          return conducts.shift() ?? {};
        };
        const again = restarts ? door.session(parameters) : session;
        const { receipt } = await again.infer({ inputs, watch: () => undefined });
        assert.equal(receipt.inputRoot, payloadRoot(beginningOf(inputs, 2)));
        assert.equal(await again.spent(), PRICE);
        const sent = { inputRoot: payloadRoot(inputs), sentAt, streamed: hexlify(encodePayload(inputs)) };
        assert.deepEqual(noted[0]?.sent, [sent]); // once, with the time at which it went first
      });
    }
  });

  it("goes elsewhere where a node tells it to come again in a month", async () => {
    door.conduct = () => ({ status: 503, retryAfter: 30 * 86_400 });
    await assert.rejects(door.session().infer({ inputs: input(1) }), { status: 503 });
    assert.equal(door.inferences, 1);
  });

  it("brings inputs into the order of the signature, and sends none that the version does not take", async () => {
    const [x] = input(1);
    assert.ok(x);
    const [first, second] = [
      { ...x, name: "first", data: Uint8Array.of(1, 1) },
      { ...x, name: "second" },
    ];
    const specs = [first, second].map(({ name }) => ({ name, dtype: 2, shape: [2] }));
    const session = door.session({ signature: { inputs: specs, outputs: [{ name: "y" }, { name: "y1" }] } });
    const { receipt } = await session.infer({ inputs: [second, first] });
    assert.equal(receipt.inputRoot, payloadRoot([first, second]));
    const [wide, other] = [
      { ...second, shape: [1, 2] },
      { ...second, dtype: 3 },
    ];
    for (const given of [[first], [first, first], [first, second, x], [first, wide], [first, other]]) {
      await assert.rejects(session.infer({ inputs: given }), new SessionInputsError(given, specs));
    }
    const short = { ...second, data: Uint8Array.of(1) };
    await assert.rejects(session.infer({ inputs: [first, short] }), new TensorLengthError(short, 1, 2));
    assert.equal(door.inferences, 1);
  });

  it("uses the number again of a call that was never served", async () => {
    const session = door.session({ retries: 0 });
    door.conduct = () => ({ hangsUp: "before" });
    await assert.rejects(session.infer({ inputs: input(1) }));
    door.conduct = () => ({});
    const { receipt } = await session.infer({ inputs: input(2) });
    assert.equal(receipt.sequence, 1n);
    assert.equal(await session.spent(), PRICE);
  });

  it("ends where the node has served another input under the number", async () => {
    door.conduct = () => ({ status: 409 });
    const session = door.session();
    const reason = "the node has served another input under this number";
    await assert.rejects(session.infer({ inputs: input(1) }), ended(reason));
    await assert.rejects(session.infer({ inputs: input(1) }), ended(reason));
    assert.equal(door.inferences, 1);
  });

  it("goes on where a process has ended between voucher and receipt", async () => {
    const store = new MemorySessionStore();
    await door.session({ store }).infer({ inputs: input(1) });
    const crash = new Error("the process ends");
    let puts = 0;
    const crashing = {
      get: (id: string) => store.get(id),
      archive: () => Promise.reject(crash),
      // The voucher is on disk and was sent; what came back is lost with the process.
      put: (id: string, state: SessionProgress) => (++puts === 1 ? store.put(id, state) : Promise.reject(crash)),
    };
    await assert.rejects(door.session({ store: crashing }).infer({ inputs: input(2) }), crash);
    const again = await door.session({ store }).infer({ inputs: input(2) });
    assert.deepEqual(again.receipt, door.served.get(2n));
    const next = await door.session({ store }).infer({ inputs: input(3) });
    assert.equal(next.receipt.sequence, 3n);
    assert.equal(door.best, 3n * PRICE);
  });

  describe("where its store fails", () => {
    const lost = new Error("the disk is full");
    const failing = (store: MemorySessionStore, part: "archive" | "put") => {
      let left = 1;
      const once = (keep: () => Promise<void>) => (left-- > 0 ? Promise.reject(lost) : keep());
      return {
        get: store.get.bind(store),
        put: (id: string, progress: SessionProgress) =>
          part === "put" && progress.sent.length === 0 ? once(() => store.put(id, progress)) : store.put(id, progress),
        archive: (call: AnsweredCall) => (part === "archive" ? once(() => store.archive(call)) : store.archive(call)),
      };
    };

    for (const part of ["archive", "put"] as const) {
      it(`counts no call as paid that is not kept for a dispute, and keeps each once (${part})`, async () => {
        const store = new MemorySessionStore(10);
        const session = door.session({ store: failing(store, part) });
        await assert.rejects(session.infer({ inputs: input(1) }), lost);
        assert.equal(await session.spent(), 0n);
        await session.infer({ inputs: input(2) });
        assert.equal(await session.spent(), 2n * PRICE);
        assert.deepEqual(
          store.calls.map(({ receipt, inputs }) => [receipt, inputs]),
          [1, 2].map((number) => [door.served.get(BigInt(number)), input(number)]),
        );
      });
    }
  });

  it("takes the receipt that it was given hours ago for a call of that time, and for no other", async () => {
    const HOURS = 5 * 3_600;
    const old: Conduct = { receipt: (receipt) => ({ ...receipt, issuedAt: receipt.issuedAt - HOURS }) };
    const store = new MemorySessionStore();
    door.conduct = () => ({ ...old, hangsUp: "after" });
    await assert.rejects(door.session({ store, retries: 0 }).infer({ inputs: input(1) }));
    const state = await store.get(door.sessionId);
    assert.ok(state);
    assert.equal(state.sent.length, 1);
    const sent = state.sent.map((input) => ({ ...input, sentAt: input.sentAt - HOURS }));
    await store.put(door.sessionId, { ...state, sent });
    door.conduct = () => old;
    const session = door.session({ store });
    const { receipt } = await session.infer({ inputs: input(1) });
    assert.deepEqual(receipt, door.served.get(1n));
    await assert.rejects(session.infer({ inputs: input(2) }), { name: "BadReceiptError", fault: "time" });
  });

  it("sends nothing to a session that does not stand", async () => {
    const { standing } = door;
    standing.state = SessionState.Closed;
    await assert.rejects(door.session().infer({ inputs: input(1) }), ended("it is not open any more"));
    standing.state = SessionState.Open;
    standing.closesAt = 1;
    const closed = { ...ended("its time is over, because somebody has closed it"), isOver: false };
    await assert.rejects(door.session().infer({ inputs: input(1) }), closed);
    standing.closesAt = 0;
    const past = door.session({ session: packSession({ ...FIELDS, endsAt: 1 }) });
    await assert.rejects(past.infer({ inputs: input(1) }), { ...ended("its time is over"), isOver: true });
    standing.covered = false;
    const reason = "the node's stake does not cover what it has locked";
    await assert.rejects(door.session().infer({ inputs: input(1) }), ended(reason));
    assert.deepEqual(door.requests, []);
  });

  it("signs for no more than what is there, and goes on when there is more", async () => {
    door.standing.funded = PRICE;
    const session = door.session();
    await session.infer({ inputs: input(1) });
    const short = new SessionShortError(session.id, 2n * PRICE, PRICE);
    await assert.rejects(session.infer({ inputs: input(2) }), short);
    assert.equal(door.best, PRICE);
    door.standing.funded = 2n * PRICE;
    await session.infer({ inputs: input(2) });
  });

  /** What may happen to a call. A node that cheats is not among it: the first lie ends a session. */
  const MISHAPS: readonly Conduct[] = [
    {},
    {},
    {},
    { hangsUp: "before" },
    { hangsUp: "after" },
    { status: 503 },
    { status: 500 },
  ];

  it(`never has more than one call paid and not served, or served and not paid, in ${RUNS * CALLS} calls that go wrong [T112]`, async () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      door.close();
      door = await new TestDoor().listen();
      const random = new Random(seed);
      const store = new MemorySessionStore();
      door.conduct = () => random.pick(MISHAPS);
      let session: SessionClient = door.session({ store, retries: 0 });
      let number = 0;
      for (let call = 0; call < CALLS; call += 1) {
        if (random.int(0, 3) > 0) number += 1; // else the same once more
        if (random.int(0, 9) === 0) session = door.session({ store, retries: 0 }); // another process
        const before = await session.spent();
        await session.infer({ inputs: input(number) }).catch(() => undefined);
        const spent = await session.spent();
        const where = `seed ${seed}, call ${call}`;
        assert.ok(spent - before <= 2n * PRICE, where);
        assert.ok(door.best - spent <= PRICE, `${where}: ${door.best} signed for, ${spent} spent`);
        assert.ok(door.best >= door.earned, `${where}: served and not paid`);
        assert.ok(door.earned - spent <= PRICE, where);
      }
      assert.ok(door.served.size > 0);
    }
  });
});
