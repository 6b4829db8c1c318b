import { strict as assert } from "node:assert";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import { packSession, payloadRoot, type Tensor } from "@opg-protocol/sdk";
import {
  completionInputs,
  completionModel,
  type CompletionOrder,
  completionText,
  type StreamedCompletion,
  streamCompletion,
  verifyCompletion,
} from "@opg-protocol/sdk/completions";
import { encodeInferRequest, OipStatusError } from "@opg-protocol/sdk/oip";
import { EVENT_STREAM, MemorySessionStore, SessionClient } from "@opg-protocol/sdk/session";

import { Door } from "../../dist/door/Door.js";
import { FreeAdmission } from "../../dist/door/FreeAdmission.js";
import { Models } from "../../dist/door/Models.js";
import type { Executable, Executor, Watch } from "../../dist/execute/Executor.js";
import { RuntimeProcess } from "../../dist/execute/RuntimeProcess.js";
import { Writer } from "../../dist/execute/Writer.js";
import { createLogger } from "../../dist/log.js";
import { HttpServer } from "../../dist/serve/HttpServer.js";
import { Consents } from "../../dist/sessions/Consents.js";
import { sessionRoutes } from "../../dist/sessions/sessionRoutes.js";
import { SETTINGS } from "../support/doors.ts";
import { temporaryFolder } from "../support/folder.ts";
import { recordingLog } from "../support/log.ts";
import { eventually } from "../support/network.ts";
import { KEY, NODE, PRICE, SessionBench, sessionWith, SIGNER, VERSION } from "../support/sessions.ts";
import { stored, VERSES, versesIn } from "../support/verses.ts";

const LOG = createLogger("silent", false);
const ORDER: CompletionOrder = { prompt: "And God said", limit: 12, seed: 1, temperature: 0.5 };
const MODEL = completionModel(readFileSync(join(VERSES, "pass-64.onnx")));
const textOf = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString();

/** Lets a test say when the next byte is written. */
class Valve implements Executor {
  isLying = false;
  /** Is asked before each byte is told. */
  beforeByte: (count: number, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  readonly #writer: Writer;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  async run(version: Executable, inputs: readonly Tensor[], signal: AbortSignal, watch?: Watch): Promise<Tensor[]> {
    if (watch === undefined) return this.#writer.run(version, inputs, signal);
    const outputs = await this.#writer.run(version, inputs, signal);
    const { bytes } = completionText(version, ORDER, outputs);
    for (const [i, byte] of bytes.entries()) {
      await this.beforeByte(i, signal);
      signal.throwIfAborted();
      watch(Uint8Array.of(this.isLying && i === 3 ? byte ^ 1 : byte));
    }
    return outputs;
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

describe("A text that is sent while it is written", () => {
  const folder = temporaryFolder();
  const store = join(folder, "artifacts");
  const version: Executable = {
    ...versesIn(store, VERSION),
    decode: stored(store, "decode.onnx", readFileSync(join(VERSES, "decode.onnx"))),
  };
  const writer = new Writer(
    new RuntimeProcess(store, { time: 30_000, memory: 1_000, queue: 8 }, LOG),
    { time: 30_000, queue: 8 },
    LOG,
  );
  const signature = { inputs: version.inputs, outputs: version.outputs };
  const inputs = completionInputs(version, ORDER);
  let truth: readonly Tensor[];
  let text: string;
  before(async () => {
    truth = await writer.run(version, inputs);
    ({ text } = completionText(version, ORDER, truth));
  });
  after(() => writer.close());

  let bench: SessionBench;
  let server: HttpServer;
  let door: Door;
  let number = 0;
  let executor: Executor;
  /** What the node tells its operator. */
  let told: unknown[][];
  beforeEach(async () => {
    bench = new SessionBench(mkdtempSync(join(folder, "book-")), new FreeAdmission(true));
    executor = writer;
    const { book, chain, admission } = bench;
    const models = new Models({ versions: () => [VERSION], executable: () => version }, [
      { versionId: VERSION, name: "verses", release: [1, 0] },
    ]);
    const chosen: Executor = {
      run: (...parameters) => executor.run(...parameters),
      close: () => Promise.resolve(),
    };
    const { log, lines } = recordingLog();
    told = lines;
    door = new Door({ models, executor: chosen, admission, log }, SETTINGS, () => true);
    const offers = { offer: () => undefined };
    const consents = new Consents({ client: chain.client, signer: SIGNER, book, offers }, NODE);
    const sessions = sessionRoutes(NODE, { client: chain.client, consents, book });
    server = await HttpServer.init("127.0.0.1", 0, () => true, { door, sessions });
  });
  afterEach(() => server.close());

  async function opened(store = new MemorySessionStore(10)) {
    number += 1;
    const id = await bench.open(number);
    const session = sessionWithStore(store);
    return { id, session, store };
  }

  const sessionWithStore = (store: MemorySessionStore) =>
    new SessionClient({
      client: bench.chain.client,
      session: packSession(sessionWith(number)),
      url: server.url,
      key: KEY,
      store,
      signature,
      retries: 20,
    });

  /** Takes a stream to its end. */
  async function taken(session: SessionClient, order = ORDER, onPart: (count: number) => void = () => undefined) {
    const parts: Uint8Array[] = [];
    const stream = streamCompletion({ order, session });
    for (let part = await stream.next(); ; part = await stream.next()) {
      if (part.done === true) return { parts, completion: part.value };
      parts.push(part.value);
      onPart(parts.length);
    }
  }

  const isBound = ({ statement, inputs: answered, outputs }: StreamedCompletion) => {
    assert.equal(statement.inputRoot, payloadRoot(answered));
    assert.equal(statement.outputRoot, payloadRoot(outputs));
  };

  it("comes byte by byte, with a receipt for the whole at its end", async () => {
    const { session, store } = await opened();
    const { parts, completion } = await taken(session);
    assert.equal(parts.length, 12);
    assert.equal(textOf(parts), text);
    assert.equal(completion.text, text);
    assert.deepEqual(completion.order, ORDER);
    assert.deepEqual(
      completion.outputs.map(({ data }) => data),
      truth.map(({ data }) => data),
    );
    isBound(completion);
    assert.deepEqual(await verifyCompletion({ model: MODEL, ...completion }), { isRight: true });
    assert.equal(await session.spent(), PRICE);
    assert.equal(store.calls.length, 1);
  });

  it("comes as one part where nobody tells how it is written", async () => {
    executor = { run: (...[model, given, signal]) => writer.run(model, given, signal), close: () => Promise.resolve() };
    const { session } = await opened();
    const { parts, completion } = await taken(session);
    assert.deepEqual(
      parts.map((part) => Buffer.from(part).toString()),
      [text],
    );
    isBound(completion);
  });

  /** The connection is lost behind so many bytes, once the reader has them and before the next one is written. */
  function losing(after: number) {
    const valve = new Valve(writer);
    executor = valve;
    let seen = 0;
    const { server: connections } = server as unknown as { server: { closeAllConnections(): void } };
    valve.beforeByte = async (count, signal) => {
      if (count !== after) return;
      await eventually("the reader has what was sent", () => Promise.resolve(seen === after));
      const noticed = once(signal, "abort");
      connections.closeAllConnections();
      await noticed;
    };
    return {
      valve,
      see: (count: number) => {
        seen = count;
      },
    };
  }

  it("that breaks off is paid as a text with a lower limit, and the receipt is for what was sent", async () => {
    const { see } = losing(5);
    const { session, store } = await opened();
    const { parts, completion } = await taken(session, ORDER, see);
    assert.equal(textOf(parts), text.slice(0, 5));
    assert.deepEqual(completion.order, { ...ORDER, limit: 5 });
    assert.equal(completion.text, text.slice(0, 5));
    assert.equal(completion.isEnded, false);
    isBound(completion);
    assert.equal(completion.statement.inputRoot, payloadRoot(completionInputs(version, completion.order)));
    assert.deepEqual(await verifyCompletion({ model: MODEL, ...completion }), { isRight: true });
    assert.equal(await session.spent(), PRICE);
    assert.equal(store.calls.length, 1);
  });

  it("costs by its bytes where they have a price, whole or broken off", async () => {
    bench.tokenPrice = PRICE / 50n;
    const { session, store } = await opened();
    await taken(session);
    assert.equal(await session.spent(), 12n * bench.tokenPrice);
    const { see } = losing(5);
    await taken(session, ORDER, see);
    assert.equal(await session.spent(), 17n * bench.tokenPrice);
    assert.deepEqual(
      store.calls.map(({ receipt }) => receipt.price),
      [12n * bench.tokenPrice, 5n * bench.tokenPrice],
    );
  });

  it("costs all that is written of it, also around a prompt with a hole", async () => {
    bench.tokenPrice = PRICE / 100n;
    const { session } = await opened();
    const holed = inputs.map((input) =>
      input.name === "prompt" ? { ...input, data: input.data.map((byte, i) => (i === 1 ? 0 : byte)) } : input,
    );
    const { outputs } = await session.infer({ inputs: holed });
    const written = (outputs[0]?.data ?? []).filter((byte) => byte !== 0).length;
    assert.ok(written > 1, "nothing was written behind the hole");
    assert.equal(await session.spent(), BigInt(written) * bench.tokenPrice);
  });

  it("that its reader has left costs what was sent, also where the reader's process is another one since", async () => {
    const valve = new Valve(writer);
    executor = valve;
    const { session, store } = await opened();
    let gone: Promise<unknown> | undefined;
    valve.beforeByte = async (count, signal) => {
      if (count !== 4) return;
      gone = once(signal, "abort");
      await gone;
    };
    const stream = streamCompletion({ order: ORDER, session });
    while (gone === undefined) await stream.next();
    await stream.return(undefined as never);
    await gone;
    valve.beforeByte = () => Promise.resolve();
    const resumed = sessionWithStore(store);
    const { completion } = await taken(resumed);
    assert.equal(completion.text, text);
    assert.equal(completion.statement.sequence, 2n);
    assert.equal(await resumed.spent(), 2n * PRICE);
    const first = store.calls[0] ?? assert.fail();
    const beginning = completionInputs(version, { ...ORDER, limit: 4 });
    assert.equal(first.receipt.inputRoot, payloadRoot(beginning));
    assert.equal(completionText(version, { ...ORDER, limit: 4 }, first.outputs).text, text.slice(0, 4));
  });

  it("is no answer where the node has sent another text than its model's", async () => {
    const valve = new Valve(writer);
    valve.isLying = true;
    executor = valve;
    const { session } = await opened();
    await assert.rejects(taken(session), new OipStatusError(500, "The model could not be run here."));
    const error = "RangeError: What was sent is another text.";
    assert.deepEqual(told, [[{ path: `/v2/models/${VERSION}/infer`, error }, "could not answer a call"]]);
    valve.isLying = false;
    const { completion } = await taken(session);
    assert.equal(completion.statement.sequence, 1n);
    assert.equal(await session.spent(), PRICE);
  });

  it("is the same again, whole, when a call is sent again", async () => {
    const { session, store } = await opened();
    await taken(session);
    const again = new MemorySessionStore();
    const [call] = store.calls;
    const { parts, completion } = await taken(sessionWithStore(again));
    assert.equal(textOf(parts), text);
    assert.deepEqual(completion.statement, call?.receipt);
  });

  it("is refused as any other call before it begins", async () => {
    const { id } = await opened();
    const message = encodeInferRequest({ inputs });
    const ask = (headers: object, path = `${server.url}/v2/models/verses/infer`) =>
      fetch(path, { method: "POST", headers: { ...message.headers, ...headers }, body: message.body });
    const unpaid = await bench.paid(id, 1n, 1n);
    const refused = await ask({ accept: EVENT_STREAM, ...Object.fromEntries(unpaid) });
    assert.equal(refused.status, 402);
    assert.deepEqual(await refused.json(), { error: `The voucher must be for ${PRICE} base units of OPG in all.` });
  });

  it("is given for nothing without a receipt", async () => {
    const message = encodeInferRequest({ inputs });
    const headers = { ...message.headers, accept: EVENT_STREAM };
    const url = `${server.url}/v2/models/verses/infer`;
    const answer = await fetch(url, { method: "POST", headers, body: message.body });
    assert.equal(answer.headers.get("content-type"), EVENT_STREAM);
    const events = (await answer.text()).trim().split("\n\n");
    assert.equal(events.length, 13);
    assert.equal(events[0], `event: bytes\ndata: ${Buffer.from(text).toString("hex").slice(0, 2)}`);
    assert.equal(events[12], "event: end\ndata: {}");
  });
});
