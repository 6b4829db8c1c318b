import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { id, parseEther } from "ethers";

import {
  CONFIG_FILE,
  ConfigError,
  inFolder,
  loadConfig,
  loadRelayConfig,
  loadWatchConfig,
  parseConfig,
  type Config,
} from "../dist/config/Config.js";
import { isRunning, readStatus, writeStatus, type Status } from "../dist/status/Status.js";
import { temporaryFolder } from "./support/folder.ts";

const ADDRESS = `0x${"12".repeat(20)}`;
const ADDRESSES = Object.fromEntries(
  [
    "token",
    "access",
    "mandates",
    "scheduler",
    "jobChain",
    "registry",
    "staking",
    "commitments",
    "policy",
    "refereedPolicy",
    "disputes",
    "auditRoster",
    "optimisticPolicy",
    "optimistic",
    "receipts",
    "sessions",
    "prices",
    "sessionLens",
    "inferenceLens",
    "optimisticLens",
    "market",
    "relay",
    "timelock",
    "governor",
    "pauseGuardian",
    "distribution",
  ].map((name) => [name, ADDRESS]),
);
const LEAST = {
  node: ADDRESS,
  addresses: ADDRESSES,
  chain: { rpcUrl: "http://localhost:8545" },
  versions: [{ id: id("version") }],
};

/** Has 254 bytes. */
const LONGEST_URL = "http://node.example/".padEnd(254, "a");

/** A configuration in which one field, named by its path, has another value; `undefined` leaves it out. */
function withField(path: string, value: unknown): unknown {
  const config = structuredClone(LEAST) as Record<string, unknown>;
  const names = path.split(".");
  const last = names.pop() ?? "";
  let place = config;
  for (const name of names) {
    place[name] ??= {};
    place = place[name] as Record<string, unknown>;
  }
  place[last] = value;
  return config;
}

describe("parseConfig", () => {
  it("fills in what the file leaves open", () => {
    const config = parseConfig("path", LEAST);
    assert.deepEqual(config.versions, [{ id: id("version"), floorPrice: 0n }]);
    assert.deepEqual(config.chain, { ...LEAST.chain, confirmations: 2, pollingInterval: 4_000, logRange: 2_000 });
    assert.deepEqual(config.key, { file: "signer.json", passwordFile: "signer.password" });
    assert.deepEqual(config.offer, { lockDays: 60, claimAbove: parseEther("100") });
    assert.deepEqual(config.http, { host: "127.0.0.1", port: 8_700 });
    assert.deepEqual([config.serve.free, config.serve.anyone], [false, false]);
    assert.deepEqual(config.relays, []);
    assert.deepEqual([config.fetch.fileRoots, config.fetch.allowPrivateHosts], [[], false]);
    assert.deepEqual([config.limits.gasPerDay, config.log], [parseEther("0.05"), "info"]);
  });

  it("reads amounts as decimal numbers", () => {
    const config = parseConfig("path", withField("limits.gasPerDay", "0.5"));
    assert.equal(config.limits.gasPerDay, parseEther("0.5"));
  });

  it("takes a backend elsewhere over TLS, or on this machine [T143]", () => {
    const models = { [id("version")]: { name: "digits", version: "1" } };
    for (const kserve of [
      "https://cluster.example/base",
      "http://127.0.0.1:8000",
      "http://[::1]:1",
      "http://localhost",
    ]) {
      const { backend } = parseConfig("path", withField("backend", { kserve, models }));
      assert.deepEqual(backend, { kserve, models, form: "binary", runs: 8, answerMiB: 64, checkMinutes: 10 });
    }
    assert.equal(parseConfig("path", LEAST).backend, "embedded");
  });

  it("takes relayers by their URLs, with or without a slash at the end", () => {
    const { relays } = parseConfig("path", withField("relays", ["https://relay.example/", "http://localhost:8702"]));
    assert.deepEqual(relays, ["https://relay.example", "http://localhost:8702"]);
  });

  it("takes the address under which others call, of as many bytes as the book of prices does", () => {
    const { serve } = parseConfig("path", withField("serve.publicUrl", `${LONGEST_URL}aa`));
    assert.equal(serve.publicUrl, `${LONGEST_URL}aa`);
    assert.equal(parseConfig("path", LEAST).serve.publicUrl, undefined);
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ["node", undefined],
    ["node", "0x12"],
    ["addresses", undefined],
    ["addresses.market", "market"],
    ["addresses.unknown", ADDRESS],
    ["chain.rpcUrl", undefined],
    ["chain.rpcUrl", "localhost"],
    ["chain.rpcUrl", "ftp://localhost"],
    ["chain.witnessUrl", "file:///etc/passwd"],
    ["chain.confirmations", -1],
    ["chain.confirmations", 1.5],
    ["chain.pollingInterval", 10],
    ["chain.logRange", 0],
    ["relays", "https://relay.example"],
    ["relays", ["relay.example"]],
    ["relays", ["ws://relay.example"]],
    ["relays", Array(9).fill("https://relay.example")],
    ["versions", []],
    ["versions.0.id", "0x12"],
    ["versions.0.weight", 5],
    ["versions.0.maxLock", "much"],
    ["versions.0.floorPrice", "-1"],
    ["versions.0.alone.tokenPrice", "-1"],
    ["versions.0.name", ""],
    ["versions.0.name", "two words"],
    ["versions.0.name", "../up"],
    ["versions.0.name", "x".repeat(65)],
    ["key.file", 7],
    ["offer.lockDays", 91],
    ["offer.lockDays", 0],
    ["offer.claimAbove", "-0.1"],
    ["limits.gasPerDay", "-1"],
    ["limits.jobs", 0],
    ["limits.runs", 0],
    ["limits.runSeconds", 0],
    ["limits.memoryMiB", 1],
    ["limits.artifactMiB", 0],
    ["limits.inputMiB", 0],
    ["fetch.gateways", ["gateway"]],
    ["fetch.gateways", ["ipfs://gateway"]],
    ["fetch.allowPrivateHosts", "no"],
    ["fetch.seconds", 0],
    ["http.port", 65_536],
    ["http.port", "80"],
    ["backend", "cloud"],
    ["backend", { kserve: "http://cluster.example", models: {} }],
    ["backend", { kserve: "http://10.0.0.1:8000", models: {} }],
    ["backend", { kserve: "cluster.example", models: {} }],
    ["backend", { kserve: "ftp://127.0.0.1", models: {} }],
    ["backend", { kserve: "http://127.0.0.1.example:8000", models: {} }],
    ["backend", { kserve: "https://cluster.example", models: { "0x12": { name: "digits" } } }],
    ["backend", { kserve: "https://cluster.example", models: { [id("version")]: { name: "" } } }],
    ["backend", { kserve: "https://cluster.example", models: {}, form: "xml" }],
    ["serve.free", "yes"],
    ["serve.publicUrl", "node.example"],
    ["serve.publicUrl", "ws://node.example"],
    ["serve.publicUrl", "https://user@node.example"],
    ["serve.publicUrl", "https://:word@node.example"],
    ["serve.publicUrl", "https://node.example/?key=1"],
    ["serve.publicUrl", "https://node.example/#here"],
    ["serve.publicUrl", `${LONGEST_URL}aé`],
    ["serve.requestMiB", 0],
    ["serve.calls", 0],
    ["serve.callsPerCaller", 0],
    ["serve.runs", 0],
    ["serve.seconds", 0],
    ["serve.drainSeconds", -1],
    ["serve.unknown", 1],
    ["log", "loud"],
    ["unknown", 1],
    ["limits.unknown", 1],
  ];
  for (const [path, value] of wrong) {
    it(`names ${path} when it is ${JSON.stringify(value)}`, () => {
      assert.throws(
        () => parseConfig("node.json5", withField(path, value)),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.equal(error.path, "node.json5");
          const names = path.split(".").filter((name) => !/^\d+$/.test(name));
          for (const name of names) assert.ok(error.reason.includes(name), `${error.reason} does not name ${name}`);
          return true;
        },
      );
    });
  }
});

describe("loadConfig", () => {
  const folder = temporaryFolder();
  const file = join(folder, CONFIG_FILE);
  const write = (content: string) => {
    writeFileSync(file, content);
  };
  const VARIABLES = { OPG_NODE_RPC_URL: "http://variable/", OPG_NODE_LOG: "warn", OPG_NODE_PORT: "81" };
  const chosen = ({ chain, log, http }: Config) => [chain.rpcUrl, log, http.port];

  it("reads comments and trailing commas, too", () => {
    write(`// a node\n${JSON.stringify(LEAST).slice(0, -1)},}`);
    assert.equal(loadConfig(folder, {}, {}).node, ADDRESS);
  });

  it("lets a flag count more than a variable, and a variable more than the file", () => {
    write(JSON.stringify({ ...LEAST, log: "error", http: { port: 80 } }));
    assert.deepEqual(chosen(loadConfig(folder, {}, {})), ["http://localhost:8545", "error", 80]);
    assert.deepEqual(chosen(loadConfig(folder, {}, VARIABLES)), ["http://variable/", "warn", 81]);
    const flags = { rpcUrl: "http://flag/", log: "debug", port: 82 };
    assert.deepEqual(chosen(loadConfig(folder, flags, VARIABLES)), ["http://flag/", "debug", 82]);
  });

  it("asks who only watches for neither node nor versions, and lets it answer beside a node", () => {
    const { addresses, chain } = LEAST;
    write(JSON.stringify({ addresses, chain }));
    const { node, versions, http } = loadWatchConfig(folder, {}, {});
    assert.deepEqual([node, versions, http], [undefined, undefined, { host: "127.0.0.1", port: 8_701 }]);
    assert.equal(loadWatchConfig(folder, { port: 82 }, VARIABLES).http.port, 82);
  });

  it("asks who only relays for no more, and lets it answer beside both", () => {
    const { addresses, chain } = LEAST;
    write(JSON.stringify({ addresses, chain }));
    const { node, http } = loadRelayConfig(folder, {}, {});
    assert.deepEqual([node, http], [undefined, { host: "127.0.0.1", port: 8_702 }]);
  });

  it("keeps the rest of what a variable overrides a part of", () => {
    write(JSON.stringify({ ...LEAST, chain: { ...LEAST.chain, confirmations: 7 }, http: { host: "0.0.0.0" } }));
    const { chain, http } = loadConfig(folder, {}, VARIABLES);
    assert.deepEqual([chain.confirmations, http.host], [7, "0.0.0.0"]);
  });

  it("takes an empty variable for none", () => {
    write(JSON.stringify(LEAST));
    const empty = { OPG_NODE_RPC_URL: "", OPG_NODE_LOG: "", OPG_NODE_PORT: "" };
    assert.deepEqual(chosen(loadConfig(folder, {}, empty)), ["http://localhost:8545", "info", 8_700]);
  });

  it("refuses variables and flags like fields of the file", () => {
    write(JSON.stringify(LEAST));
    assert.throws(() => loadConfig(folder, {}, { OPG_NODE_PORT: "eighty" }), /port/);
    assert.throws(() => loadConfig(folder, { log: "loud" }, {}), /log/);
  });

  it("says that there is no file, or that it cannot be read", () => {
    const missing = join(folder, "missing");
    const path = join(missing, CONFIG_FILE);
    assert.throws(
      () => loadConfig(missing, {}, {}),
      new ConfigError(path, "is not there; make it with `opg-node init`"),
    );
    for (const content of ["{", "", "7", "null", '{"chain":"x"}']) {
      write(content);
      assert.throws(() => loadConfig(folder, {}, VARIABLES), { name: "ConfigError", path: file });
    }
  });

  it("has ids as the chain gives them, whatever their case was", () => {
    const capitals = `0x${id("version").slice(2).toUpperCase()}`;
    const backend = { kserve: "https://models.example", models: { [capitals]: { name: "model" } } };
    const config = parseConfig("x", { ...LEAST, versions: [{ id: capitals }], backend });
    assert.equal(config.versions[0]?.id, id("version"));
    assert.deepEqual(config.backend === "embedded" ? [] : Object.keys(config.backend.models), [id("version")]);
  });

  it("takes paths from its folder, unless they are absolute", () => {
    assert.equal(inFolder("/data", "signer.json"), "/data/signer.json");
    assert.equal(inFolder("/data", "/keys/signer.json"), "/keys/signer.json");
  });
});

describe("Status", () => {
  const base = temporaryFolder();
  const status: Status = {
    pid: process.pid,
    startedAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:01:00.000Z",
    account: "0x01",
    block: 7,
    isCaughtUp: true,
    openTasks: { offer: 1, statement: 2, game: 3, demand: 4 },
    spent: "1",
    url: "http://127.0.0.1:8700",
    node: {
      openJobs: 1,
      offered: [id("version")],
      quarantined: { [id("other")]: "why" },
      sessions: { open: 1, owed: "2", pending: "3", locked: "4" },
    },
    watcher: { atStake: "1", late: 2 },
  };

  it("is read as it was written last, and leaves no draft", () => {
    const folder = join(base, "written");
    mkdirSync(folder);
    assert.equal(readStatus(folder), undefined);
    writeStatus(folder, status);
    writeStatus(folder, { ...status, block: 8 });
    assert.deepEqual(readStatus(folder), { ...status, block: 8 });
    assert.deepEqual(readdirSync(folder), ["status.json"]);
    assert.ok(readFileSync(join(folder, "status.json"), "utf8").endsWith("}\n"));
  });

  it("is as if there were none where an earlier version wrote it", () => {
    const folder = join(base, "earlier");
    mkdirSync(folder);
    writeFileSync(join(folder, "status.json"), JSON.stringify({ pid: 1, openJobs: 1 }));
    assert.equal(readStatus(folder), undefined);
  });

  it("knows whether the process that wrote it still runs", () => {
    assert.equal(isRunning(status), true);
    assert.equal(isRunning({ ...status, pid: 2 ** 22 + 1 }), false);
  });
});
