import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { after, before, beforeEach, describe, it } from "node:test";

import {
  decodeInferRequest,
  encodeInferResponse,
  HEADER_LENGTH,
  OipClient,
  OipFormatError,
  OipStatusError,
} from "../../src/oip/index.ts";
import { LocalServer } from "../LocalServer.ts";

const X = { name: "x", dtype: 1, shape: [2], data: new Uint8Array(8) };
const Y = { name: "y", dtype: 2, shape: [1], data: Uint8Array.of(7) };

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Uint8Array;
}

describe("OipClient", () => {
  let answer: (response: ServerResponse) => void;
  const seen: Seen[] = [];
  const server = new LocalServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: Buffer.concat(chunks) });
      answer(response);
    });
  });
  const json = (fields: unknown, status = 200, headers = {}) => {
    answer = (response) => response.writeHead(status, headers).end(JSON.stringify(fields));
  };
  let url: string;
  let client: OipClient;
  before(async () => {
    url = `${(await server.listen()).url}/base`;
    client = new OipClient({ url, timeout: 60_000, mostBytes: 10_000 });
  });
  beforeEach(() => {
    seen.length = 0;
  });
  after(() => {
    server.close();
  });
  const lines = () => seen.map(({ line }) => line);

  it("asks under the base URL for what the protocol names, names in paths escaped", async () => {
    json({ name: "server", inputs: [], outputs: [] });
    await client.isLive();
    await client.isReady();
    await client.serverMetadata();
    await client.isModelReady({ model: "a/b?" });
    await client.modelMetadata({ model: "m", version: "1 0" });
    json({ outputs: [] });
    await client.infer({ model: "m", version: "1", inputs: [X] });
    assert.deepEqual(lines(), [
      "GET /base/v2/health/live",
      "GET /base/v2/health/ready",
      "GET /base/v2",
      "GET /base/v2/models/a%2Fb%3F/ready",
      "GET /base/v2/models/m/versions/1%200",
      "POST /base/v2/models/m/versions/1/infer",
    ]);
  });

  it("sends inputs with their headers, and gives the answer with its headers", async () => {
    answer = (response) => {
      const message = encodeInferResponse({ model: "m", version: "1", id: "9", outputs: [{ ...Y, form: "binary" }] });
      response.writeHead(200, { ...message.headers, "x-receipt": "signed" }).end(message.body);
    };
    const reply = await client.infer({ model: "m", inputs: [X], outputs: ["y"], id: "9", headers: { "x-pay": "1" } });
    assert.deepEqual(reply.outputs, [Y]);
    assert.deepEqual([reply.model, reply.version, reply.id], ["m", "1", "9"]);
    assert.equal(reply.headers.get("x-receipt"), "signed");
    const [{ headers, body }] = seen as [Seen];
    assert.equal(headers["x-pay"], "1");
    const request = decodeInferRequest(body, headers[HEADER_LENGTH] as string);
    assert.deepEqual([request.inputs, request.outputs], [[X], [{ name: "y", form: "binary" }]]);
  });

  it("says no where the server does, by status or by word", async () => {
    json({ error: "later" }, 503);
    assert.deepEqual([await client.isLive(), await client.isReady()], [false, false]);
    assert.equal(await client.isModelReady({ model: "m" }), false);
    json({ name: "m", ready: false });
    assert.equal(await client.isModelReady({ model: "m" }), false);
    json({ live: false });
    assert.equal(await client.isLive(), false);
    answer = (response) => response.end();
    assert.equal(await client.isReady(), true);
  });

  it("gives status, reason and delay of a refusal, whatever its body is", async () => {
    json({ error: "x".repeat(600) }, 429, { "retry-after": "7" });
    await assert.rejects(client.infer({ model: "m", inputs: [X] }), new OipStatusError(429, "x".repeat(500), 7));
    for (const body of ["", "<html>", "[]", '{"error":7}']) {
      answer = (response) => response.writeHead(500, { "retry-after": "soon" }).end(body);
      await assert.rejects(client.serverMetadata(), new OipStatusError(500, "it gives no reason"));
    }
  });

  it("does not follow where the server sends it, with what it carries", async () => {
    answer = (response) => response.writeHead(307, { location: `${url}/elsewhere` }).end();
    await assert.rejects(client.infer({ model: "m", inputs: [X], headers: { "x-pay": "1" } }), TypeError);
    assert.deepEqual(lines(), ["POST /base/v2/models/m/infer"]);
  });

  it("refuses an answer that is none, or too long", async () => {
    json({ outputs: 7 });
    await assert.rejects(client.infer({ model: "m", inputs: [X] }), new OipFormatError("outputs", "must be an array"));
    answer = (response) => response.end("no json");
    await assert.rejects(client.modelMetadata({ model: "m" }), new OipFormatError("body", "is no JSON"));
    answer = (response) => response.end("x".repeat(10_001));
    await assert.rejects(client.serverMetadata(), new RangeError("more than 10000 bytes"));
    answer = (response) => {
      const timer = setInterval(() => response.write("x".repeat(1_000)), 1);
      response.on("close", () => {
        clearInterval(timer);
      });
    };
    await assert.rejects(client.serverMetadata(), new RangeError("more than 10000 bytes"));
  });

  it("gives up when the server is silent, and when the caller is", async () => {
    answer = () => undefined;
    const impatient = new OipClient({ url, timeout: 50 });
    await assert.rejects(impatient.serverMetadata(), { name: "TimeoutError" });
    answer = (response) => response.write("{"); // and never ends it
    await assert.rejects(impatient.serverMetadata(), { name: "TimeoutError" });
    const reason = new Error("no longer");
    await assert.rejects(client.infer({ model: "m", inputs: [X], signal: AbortSignal.abort(reason) }), reason);
    const leaving = new AbortController();
    answer = () => {
      leaving.abort(reason);
    };
    await assert.rejects(client.infer({ model: "m", inputs: [X], signal: leaving.signal }), reason);
  });

  it("does not hide that there is no server", async () => {
    const nowhere = new OipClient({ url: "http://127.0.0.1:1" });
    await assert.rejects(nowhere.isLive(), TypeError);
  });
});
