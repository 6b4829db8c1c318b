import { strict as assert } from "node:assert";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";

import { getBond } from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { missing, opgNode, type Report } from "./support/cli.ts";
import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";
import { orderAlone, publishRefereed } from "./support/refereed.ts";

const MACHINE = ["secret", "journal", "port", "chain", "contracts"];
const MEANS = ["coin for gas", "budget for bonds", "deposit for bonds"];

describe("opg-node doctor in a watcher's folder", () => {
  let network: TestNetwork;
  let watcher: TestNode;
  let daemon: DaemonProcess;
  before(async () => {
    network = await TestNetwork.start();
    watcher = await network.addWatcher(parseEther("30"));
    daemon = new DaemonProcess(watcher, "watch");
  });
  after(async () => {
    await daemon.kill();
    await network.stop();
  });
  const doctor = async (folder: string) => {
    const { code, output, errors } = await opgNode("--data", folder, "doctor", "--json");
    assert.notEqual(output, "", errors);
    return { code, ...(JSON.parse(output) as Report) };
  };
  const detail = ({ checks }: Report, name: string) => checks.find((check) => check.name === name)?.detail ?? "";
  /** A copy of the watcher's folder that is configured otherwise. */
  const changed = (name: string, changes: object): string => {
    const copy = join(network.folder, name);
    cpSync(watcher.folder, copy, { recursive: true });
    const path = join(copy, "node.json5");
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), ...changes }));
    return copy;
  };

  it("finds a folder complete that nobody has started yet, and says what its deposit is good for", async () => {
    const report = await doctor(watcher.folder);
    assert.deepEqual([report.code, report.healthy, missing(report)], [0, true, []]);
    assert.deepEqual(
      report.checks.map(({ name }) => name),
      [...MACHINE, ...MEANS, "recent orders", "runtime"],
    );
    const bond = await getBond(network.client);
    assert.match(detail(report, "deposit for bonds"), new RegExp(`^30 OPG .*, ${parseEther("30") / bond} bonds of `));
    assert.match(detail(report, "recent orders"), /^none .*: name versions/);
    assert.match(detail(report, "secret"), /first start/);
    assert.deepEqual(
      readdirSync(watcher.folder).filter((name) => name === "journal.sqlite" || name === "secret"),
      [],
      "looking changes nothing",
    );
  });

  it("tries the versions of recent orders, or those that are named", async () => {
    const versionId = await publishRefereed(network);
    await network.order(); // of a version without a referee, which no watcher looks at
    await orderAlone(network, versionId, 1, { node: watcher.node });
    const name = `version ${versionId.slice(0, 10)}`;
    const recent = await doctor(watcher.folder);
    assert.deepEqual([recent.healthy, missing(recent)], [true, []]);
    assert.equal(detail(recent, "recent orders"), "versions with a referee: 1");
    assert.match(detail(recent, name), /golden vector is right/);
    const elsewhere = changed("unreachable", { versions: [{ id: versionId }], fetch: {} });
    rmSync(join(elsewhere, "artifacts"), { recursive: true });
    const named = await doctor(elsewhere);
    assert.deepEqual([named.code, missing(named)], [1, [name]]);
    assert.equal(detail(named, "recent orders"), "");
  });

  it("names what it lacks: coin, room for a bond, and a deposit", async () => {
    const broke = changed("broke", { limits: { gasPerDay: "11" }, watch: { openBonds: "0.000001" } });
    const report = await doctor(broke);
    assert.deepEqual([report.code, missing(report)], [1, ["coin for gas", "budget for bonds"]]);
    assert.match(detail(report, "coin for gas"), new RegExp(`^10\\.0 is less .* to ${watcher.node}$`));
    assert.match(detail(report, "budget for bonds"), /^watch\.openBonds is 0\.000001 OPG, and one challenge takes /);
  });

  it("knows a watcher that runs, and afterwards a journal of another key and a secret that is gone", async () => {
    daemon.start();
    await daemon.ready();
    await eventually("it has written its status", () =>
      Promise.resolve(readdirSync(watcher.folder).includes("status.json")),
    );
    const running = await doctor(watcher.folder);
    assert.deepEqual([running.code, missing(running)], [0, []]);
    assert.match(detail(running, "journal"), /^held by process [0-9]+$/);
    assert.equal(detail(running, "port"), `served at ${watcher.url}`);
    assert.equal(await daemon.stop(), 0);
    assert.deepEqual(missing(await doctor(watcher.folder)), []);

    const node = await network.addNode(1);
    const mixed = changed("mixed", {});
    for (const file of ["signer.json", "signer.password"]) cpSync(join(node.folder, file), join(mixed, file));
    rmSync(join(mixed, "secret"));
    const report = await doctor(mixed);
    assert.deepEqual([report.code, missing(report)], [1, ["secret", "journal", "deposit for bonds"]]);
    assert.match(detail(report, "journal"), /another/);
    assert.match(
      detail(report, "deposit for bonds"),
      /^0 OPG in DisputeGame, and one challenge takes .*: deposit some for 0x/,
    );
  });

  it("says of a node's clock that the provider gives no block, where it gives none", async () => {
    const sessions = { price: "0.01", maxLock: "100" };
    const { folder } = await network.addNode(2, { versions: [{ id: network.versionId, sessions }] });
    const provider = await blockless(network.url);
    const path = join(folder, "node.json5");
    const config = JSON.parse(readFileSync(path, "utf8")) as { readonly chain: object };
    const chain = { ...config.chain, rpcUrl: `http://127.0.0.1:${(provider.address() as AddressInfo).port}` };
    writeFileSync(path, JSON.stringify({ ...config, chain }));
    const report = await doctor(folder);
    provider.close();
    assert.ok(missing(report).includes("clock of receipts"));
    assert.match(detail(report, "clock of receipts"), /gives no block latest/);
  });
});

interface Request {
  readonly id: number;
  readonly method: string;
}

/** A provider that has fallen so far behind that it gives no block. */
async function blockless(url: string): Promise<Server> {
  const answer = async (body: string): Promise<string> => {
    const asked = [JSON.parse(body) as Request | Request[]].flat();
    const blocks = new Set(asked.flatMap(({ id, method }) => (method === "eth_getBlockByNumber" ? [id] : [])));
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const told = [(await response.json()) as { readonly id: number }].flat();
    return JSON.stringify(told.map((one) => (blocks.has(one.id) ? { ...one, result: null } : one)));
  };
  const server = createServer((request, response) => {
    void text(request)
      .then(answer)
      .then((body) => response.end(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
