import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";

import { encodePayload, payloadRoot, type Tensor } from "@opg-protocol/sdk";
import { id } from "ethers";
import type { Hono } from "hono";

import { HttpServer } from "../dist/serve/HttpServer.js";
import { OutputStore } from "../dist/serve/OutputStore.js";
import { temporaryFolder } from "./support/folder.ts";

const HOST = "127.0.0.1";
const DAY = 24 * 60 * 60 * 1000;
const OUTPUT: Tensor = { dtype: 2, shape: [3], data: Uint8Array.of(1, 2, 3) };
const ROOT = payloadRoot([OUTPUT]);
/** Unix seconds. */
const now = (): number => Date.now() / 1000;

describe("OutputStore", () => {
  const base = temporaryFolder();

  it("keeps an output under its root, also when it is kept several times at once", async () => {
    const store = new OutputStore(join(base, "several"));
    const roots = await Promise.all(Array.from({ length: 5 }, () => store.put([OUTPUT])));
    assert.deepEqual(roots, Array(5).fill(ROOT));
    assert.deepEqual(readdirSync(join(base, "several")), [ROOT]);
    assert.deepEqual(await store.get(ROOT), Buffer.from(encodePayload([OUTPUT])));
    assert.deepEqual(await store.tensors(ROOT), [OUTPUT]);
    assert.equal(await store.put([OUTPUT]), ROOT);
  });

  it("gives nothing for what is no root, though there is a file of that name", async () => {
    const folder = join(base, "named");
    mkdirSync(folder);
    writeFileSync(join(base, "secret"), "secret");
    writeFileSync(join(folder, "draft"), "half");
    const store = new OutputStore(folder);
    for (const name of ["../secret", "draft", "", ".", `${ROOT}/../draft`, ROOT.toUpperCase(), ROOT.slice(0, -1)]) {
      assert.equal(await store.get(name), undefined, name);
    }
    assert.equal(await store.tensors(id("unknown")), undefined);
  });

  it("deletes what is old, and nothing else", async () => {
    const folder = join(base, "old");
    const store = new OutputStore(folder);
    await store.prune(DAY, now()); // there is no folder yet
    await store.put([OUTPUT]);
    const old = await store.put([{ ...OUTPUT, data: Uint8Array.of(3, 2, 1) }]);
    const time = now() - DAY / 1000 - 1;
    utimesSync(join(folder, old), time, time);
    await store.prune(DAY, now());
    assert.deepEqual([existsSync(join(folder, ROOT)), existsSync(join(folder, old))], [true, false]);
  });

  describe("by two clocks", () => {
    const YEAR = 365 * DAY;
    /** Unix seconds: later than what the file system says, whose clock no test can set. */
    const TIME = Math.floor(now() + (2 * YEAR) / 1000);

    /** Sets the machine's clock, so many milliseconds from the right time. */
    function setMachine(t: TestContext, error: number): void {
      t.mock.timers.reset();
      t.mock.timers.enable({ apis: ["Date"], now: TIME * 1000 + error });
    }

    async function storeOf(name: string): Promise<{ store: OutputStore; isThere: () => boolean }> {
      const store = new OutputStore(join(base, name));
      await store.put([OUTPUT]);
      return { store, isThere: () => existsSync(join(base, name, ROOT)) };
    }

    for (const [name, error] of [
      ["forward", YEAR],
      ["back", -YEAR],
    ] as const) {
      it(`keeps what is new when the machine's clock jumps ${name}, and deletes it when it is old`, async (t) => {
        setMachine(t, 0);
        const { store, isThere } = await storeOf(`machine ${name}`);
        await store.prune(DAY, TIME);
        setMachine(t, error);
        await store.prune(DAY, TIME + 60);
        assert.equal(isThere(), true);
        setMachine(t, DAY + 1_000);
        await store.prune(DAY, TIME + DAY / 1000 + 1);
        assert.equal(isThere(), false);
      });

      it(`keeps what was put before a jump of the machine's clock was mended, which was ${name}`, async (t) => {
        setMachine(t, error);
        const { store, isThere } = await storeOf(`mended ${name}`);
        await store.prune(DAY, TIME);
        setMachine(t, 0);
        await store.prune(DAY, TIME);
        assert.equal(isThere(), true);
      });

      it(`keeps what is new when the provider tells of a time too far ${name}`, async (t) => {
        setMachine(t, 0);
        const { store, isThere } = await storeOf(`chain ${name}`);
        for (const time of [TIME + error / 1000, TIME, TIME + error / 1000, TIME]) await store.prune(DAY, time);
        assert.equal(isThere(), true);
      });
    }

    it("counts what comes once more as new", async (t) => {
      setMachine(t, 0);
      const { store, isThere } = await storeOf("again");
      await store.prune(DAY, TIME);
      await store.put([OUTPUT]);
      setMachine(t, DAY + 1_000);
      await store.prune(DAY, TIME + DAY / 1000 + 1);
      assert.equal(isThere(), true);
    });
  });
});

describe("HttpServer", () => {
  const base = temporaryFolder();
  const store = new OutputStore(join(base, "outputs"));
  let server: HttpServer;
  let isReady = false;
  before(async () => {
    await store.put([OUTPUT]);
    writeFileSync(join(base, "secret"), "secret");
    server = await HttpServer.init(HOST, 0, () => isReady, { outputs: store });
  });
  after(() => server.close());

  /** A request whose path no client tidies up. */
  const rawGet = async (path: string): Promise<number | undefined> => {
    const { port } = new URL(server.url);
    const [response] = (await once(request({ host: HOST, port, path }).end(), "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };

  it("serves an output by its root, for ever and to everybody", async () => {
    const response = await fetch(`${server.url}/v1/outputs/${ROOT}`);
    assert.equal(response.status, 200);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from(encodePayload([OUTPUT])));
    assert.equal(response.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
  });

  it("answers 404 for an output that it does not have, which nobody is to remember", async () => {
    const response = await fetch(`${server.url}/v1/outputs/${id("unknown")}`);
    assert.equal(response.status, 404);
    assert.deepEqual(await response.json(), { error: "This node has no output with that root." });
    assert.equal(response.headers.get("cache-control"), null);
  });

  it("serves no other file", async () => {
    for (const path of [
      "/v1/outputs/../secret",
      "/v1/outputs/..%2Fsecret",
      "/v1/outputs/%2e%2e%2fsecret",
      "/secret",
      "/",
    ]) {
      assert.equal(await rawGet(path), 404, path);
    }
  });

  it("changes nothing for anybody", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const { status } = await fetch(`${server.url}/v1/outputs/${ROOT}`, { method });
      assert.equal(status, 404);
    }
    assert.deepEqual(await store.tensors(ROOT), [OUTPUT]);
  });

  it("says that it lives, and that it is ready once the chain is read", async () => {
    assert.equal((await fetch(`${server.url}/livez`)).status, 200);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 503);
    isReady = true;
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  });

  it("has no outputs where there are none to serve", async () => {
    const watching = await HttpServer.init(HOST, 0, () => true);
    assert.equal((await fetch(`${watching.url}/v1/outputs/${ROOT}`)).status, 404);
    assert.equal((await fetch(`${watching.url}/readyz`)).status, 200);
    await watching.close();
  });

  it("says that its port is taken", async () => {
    const port = Number(new URL(server.url).port);
    await assert.rejects(
      HttpServer.init(HOST, port, () => true, { outputs: store }),
      { code: "EADDRINUSE" },
    );
  });

  it("sends what is being answered while it closes", async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<unknown>();
    const { promise: released, resolve: release } = Promise.withResolvers<unknown>();
    const extend = (app: Hono) => {
      app.get("/slow", async (c) => {
        begin(undefined);
        await released;
        return c.text("answered");
      });
    };
    const other = await HttpServer.init(HOST, 0, () => true, { extend });
    const { url } = other;
    const answer = fetch(`${url}/slow`);
    await begun;
    const closed = other.close();
    release(undefined);
    assert.equal(await (await answer).text(), "answered");
    await closed;
    await assert.rejects(fetch(`${url}/livez`), TypeError);
  });

  it("closes though a client never ends its request", async () => {
    const other = await HttpServer.init(HOST, 0, () => true);
    const socket = connect(Number(new URL(other.url).port), HOST);
    await once(socket, "connect");
    socket.on("error", () => undefined);
    socket.write("GET /livez HTTP/1.1\r\nhost: ");
    await fetch(`${other.url}/livez`);
    await other.close();
    await once(socket, "close");
  });
});
