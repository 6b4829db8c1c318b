import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { payloadRoot } from "../../src/codecs/payload.ts";
import { completionInputs, completionOutput } from "../../src/completions/index.ts";
import { OipStatusError } from "../../src/oip/index.ts";
import { SessionFormatError } from "../../src/session/errors.ts";
import { EventReader } from "../../src/session/events.ts";
import { askText, beginningWith, CutError, mostTextBytes } from "../../src/session/texts.ts";
import { LocalServer } from "../LocalServer.ts";

const WINDOW = 8;
const number = (name: string) => ({ name, dtype: 6, shape: [1] });
const SIGNATURE = {
  inputs: [{ name: "prompt", dtype: 2, shape: [WINDOW] }, number("limit"), number("seed"), number("temperature")],
  outputs: [{ name: "text" }],
};
const ORDER = { prompt: "ab", limit: 4 };
const INPUTS = completionInputs(SIGNATURE, ORDER);
const END = 'event: end\ndata: {"opg-receipt":"a receipt"}\n\n';

describe("EventReader", () => {
  const text = ": a comment\nevent: one\ndata: 1\ndata: 2\n\ndata:é\r\n\r\nevent: last\nid: 3\n\nevent: never";

  it("reads events however they are cut", () => {
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const reader = new EventReader();
      const events = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        reader.read(bytes.subarray(i * size, (i + 1) * size)),
      ).flat();
      assert.deepEqual(events, [
        { event: "one", data: "1\n2" },
        { event: "message", data: "é" },
        { event: "last", data: "" },
      ]);
    }
  });
});

describe("mostTextBytes", () => {
  const limited = (limit: number) => {
    const data = new Uint8Array(Int32Array.of(limit).buffer);
    return mostTextBytes(INPUTS.map((input) => (input.name === "limit" ? { ...input, data } : input)));
  };

  it("is the limit of an order", () => {
    const asked = (limit: number) => mostTextBytes(completionInputs(SIGNATURE, { ...ORDER, limit }));
    assert.deepEqual([1, 4, 6].map(asked), [1, 4, 6]);
  });

  it("is never more than the window has room for, nor less than none", () => {
    assert.deepEqual([2 ** 31 - 1, WINDOW + 1, WINDOW, 2, 1, -5].map(limited), [6, 6, 6, 0, 0, 0]);
  });
});

describe("beginningWith", () => {
  it("is the same prompt with a lower limit, by its root", () => {
    for (const limit of [3, 2, 1]) {
      const lower = completionInputs(SIGNATURE, { ...ORDER, limit });
      assert.deepEqual(beginningWith(INPUTS, payloadRoot(lower)), lower);
    }
  });

  it("is none for the whole, for more of it, and for another call", () => {
    for (const other of [ORDER, { ...ORDER, limit: 5 }, { ...ORDER, limit: 3, seed: 1 }, { prompt: "ac", limit: 3 }])
      assert.equal(beginningWith(INPUTS, payloadRoot(completionInputs(SIGNATURE, other))), undefined);
  });
});

describe("askText", () => {
  /** What the server sends, part by part; it hangs up behind them where it is told to. */
  let parts: readonly string[] = [];
  let hangsUp = false;
  let headers: unknown;
  const server = new LocalServer((request, response) => {
    headers = { accept: request.headers.accept, paid: request.headers.paid };
    for (const part of parts) response.write(part);
    if (hangsUp) setImmediate(() => response.destroy());
    else response.end();
  });
  before(() => server.listen());
  after(() => {
    server.close();
  });

  async function asked(...sent: string[]) {
    parts = sent;
    const told: string[] = [];
    const watch = (bytes: Uint8Array) => told.push(new TextDecoder().decode(bytes));
    const call = { model: "verses", inputs: INPUTS, headers: { paid: "yes" }, timeout: 5_000, watch };
    const reply = await askText({ ...call, url: server.url });
    return { told, reply };
  }

  it("puts the text together, and gives the receipt that comes with it", async () => {
    const { told, reply } = await asked("event: bytes\ndata: 78\n\nevent: by", "tes\ndata: 797a\n\n", END);
    assert.deepEqual(told, ["x", "yz"]);
    assert.deepEqual(reply.outputs, [completionOutput(SIGNATURE, ORDER, new TextEncoder().encode("xyz"))]);
    assert.equal(reply.headers.get("opg-receipt"), "a receipt");
    assert.deepEqual(headers, { accept: "text/event-stream", paid: "yes" });
  });

  it("leaves events that it does not know", async () => {
    const { told } = await asked("event: news\ndata: none\n\n", END);
    assert.deepEqual(told, []);
  });

  it("says what has come of a text that broke off", async () => {
    const cut = (error: unknown) => error instanceof CutError && new TextDecoder().decode(error.bytes) === "x";
    await assert.rejects(asked("event: bytes\ndata: 78\n\n"), cut);
    await assert.rejects(asked("event: bytes\ndata: 78\n\n", "x".repeat(100_000)), cut);
    hangsUp = true;
    await assert.rejects(asked("event: bytes\ndata: 78\n\n"), cut);
    hangsUp = false;
  });

  it("refuses what is no text", async () => {
    const refused = (place: string, must: string, ...sent: string[]) =>
      assert.rejects(asked(...sent), new SessionFormatError(place, must));
    await refused("bytes", "bytes in hex", "event: bytes\ndata: 7\n\n");
    await refused("bytes", "bytes in hex", "event: bytes\ndata:\n\n");
    const room = "no more than the window has room for";
    await refused("bytes", room, "event: bytes\ndata: 78797a78797a78\n\n");
    await refused("end", "a JSON object", "event: end\ndata: 1\n\n");
    const failed = 'event: bytes\ndata: 78\n\nevent: error\ndata: {"error":"no"}\n\n';
    await assert.rejects(asked(failed), new OipStatusError(500, "no"));
    await assert.rejects(asked("nothing"), new TypeError("the stream has no end"));
  });
});
