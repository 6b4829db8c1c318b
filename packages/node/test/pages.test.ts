/** What a web page can do at a node, as a browser lets it. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { payloadRoot, type Tensor } from "@opg-protocol/sdk";
import { HEADER_LENGTH } from "@opg-protocol/sdk/oip";
import { callHeaders, RECEIPT_HEADER } from "@opg-protocol/sdk/session";
import { Hono } from "hono";
import { id } from "ethers";

import type { Admission } from "../dist/door/Admission.js";
import { Door } from "../dist/door/Door.js";
import { FreeAdmission } from "../dist/door/FreeAdmission.js";
import { Models } from "../dist/door/Models.js";
import type { Executable, Executor } from "../dist/execute/Executor.js";
import { createLogger } from "../dist/log.js";
import { HttpServer } from "../dist/serve/HttpServer.js";
import { OutputStore } from "../dist/serve/OutputStore.js";
import { SETTINGS } from "./support/doors.ts";
import { temporaryFolder } from "./support/folder.ts";

const PAGE = "https://page.example";
const MODEL: Executable = {
  versionId: id("version"),
  path: "",
  digest: "",
  inputs: [{ name: "x", dtype: 2, shape: [1] }],
  outputs: [{ name: "y", dtype: 2, shape: [1] }],
};
const OUTPUT: Tensor = { dtype: 2, shape: [1], data: Uint8Array.of(7) };
const CALL = JSON.stringify({ inputs: [{ name: "x", datatype: "UINT8", shape: [1], data: [3] }] });

describe("A web page at a node", () => {
  const store = new OutputStore(join(temporaryFolder(), "outputs"));
  let runs = 0;
  const executor: Executor = {
    run: () => {
      runs += 1;
      return Promise.resolve([OUTPUT]);
    },
    close: () => Promise.resolve(),
  };
  const servers: HttpServer[] = [];
  const open = async (admission: Admission): Promise<string> => {
    const offers = { versions: () => [MODEL.versionId], executable: () => MODEL };
    const models = new Models(offers, [{ versionId: MODEL.versionId, name: "seven", release: [1, 0] }]);
    const door = new Door({ models, executor, admission, log: createLogger("silent", false) }, SETTINGS, () => true);
    const sessions = new Hono();
    sessions.get("/offers/:version", (c) => c.json({ error: "none" }, 404));
    const server = await HttpServer.init("127.0.0.1", 0, () => true, { outputs: store, door, sessions });
    servers.push(server);
    return server.url;
  };
  let url: string;
  before(async () => {
    await store.put([OUTPUT]);
    url = await open(new FreeAdmission(false));
  });
  after(() => Promise.all(servers.map((server) => server.close())));

  const infer = (headers: Readonly<Record<string, string>>, at = url) =>
    fetch(`${at}/v2/models/${MODEL.versionId}/infer`, { method: "POST", headers, body: CALL });
  const preflight = (path: string, method: string, headers: readonly string[]) =>
    fetch(`${url}${path}`, {
      method: "OPTIONS",
      headers: {
        origin: PAGE,
        "access-control-request-method": method,
        "access-control-request-headers": headers.join(","),
      },
    });
  const listOf = (response: Response, name: string): readonly string[] =>
    (response.headers.get(name) ?? "").split(",").map((text) => text.trim().toLowerCase());

  it("reads what is public, also what is refused, and never with credentials", async () => {
    const paths = [
      [`/v1/outputs/${payloadRoot([OUTPUT])}`, 200],
      [`/v1/outputs/${id("unknown")}`, 404],
      [`/v1/offers/${id("unknown")}`, 404],
      ["/v2", 200],
      ["/v2/health/ready", 200],
      [`/v2/models/${MODEL.versionId}`, 200],
      ["/v2/models/unknown", 404],
      ["/v2/nothing", 404],
    ] as const;
    for (const [path, status] of paths) {
      const response = await fetch(`${url}${path}`, { headers: { origin: PAGE } });
      assert.equal(response.status, status, path);
      assert.equal(response.headers.get("access-control-allow-origin"), "*", path);
      assert.equal(response.headers.get("access-control-allow-credentials"), null, path);
    }
  });

  it("is not told how the process does", async () => {
    for (const path of ["/livez", "/readyz"]) {
      const response = await fetch(`${url}${path}`, { headers: { origin: PAGE } });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("access-control-allow-origin"), null);
    }
  });

  it("may bring along whatever pays for a call, and nothing that says who is logged in", async () => {
    const voucher = { sessionId: id("session"), amount: 1n, signature: { r: id("r"), vs: id("vs") } };
    const paid = [...Object.keys(callHeaders({ sequence: 1n, voucher })), "content-type", HEADER_LENGTH];
    for (const path of [`/v2/models/${MODEL.versionId}/infer`, "/v1/sessions", "/v1/receipts"]) {
      const response = await preflight(path, "POST", paid);
      assert.equal(response.status, 204, path);
      assert.equal(response.headers.get("access-control-allow-origin"), "*");
      assert.equal(response.headers.get("access-control-allow-credentials"), null);
      const allowed = listOf(response, "access-control-allow-headers");
      assert.deepEqual(
        paid.filter((name) => !allowed.includes(name)),
        [],
      );
      assert.deepEqual(
        ["authorization", "cookie", "x-forwarded-for", "*"].filter((name) => allowed.includes(name)),
        [],
      );
      assert.deepEqual(listOf(response, "access-control-allow-methods"), ["get", "post"]);
    }
  });

  it("sees the receipt, the end of the JSON, and when to come again", async () => {
    const free = await open(new FreeAdmission(true));
    const response = await infer({ origin: PAGE }, free);
    assert.equal(response.status, 200);
    const exposed = listOf(response, "access-control-expose-headers");
    for (const name of [RECEIPT_HEADER, HEADER_LENGTH, "retry-after"]) assert.ok(exposed.includes(name), name);
  });

  it("has nothing run for it because its browser is on the node's own machine [T144]", async () => {
    runs = 0;
    // Without the header the same call is that of a program on this machine.
    assert.equal((await infer({})).status, 200);
    assert.equal(runs, 1);
    for (const origin of [PAGE, url, "null"]) {
      const response = await infer({ origin });
      assert.equal(response.status, 403, origin);
      assert.equal(response.headers.get("access-control-allow-origin"), "*"); // so that the page can say why
      assert.match(await response.text(), /callers on its own machine alone/);
    }
    assert.equal(runs, 1);
  });
});
