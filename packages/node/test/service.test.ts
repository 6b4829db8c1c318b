/** What supervisors are told, against what the daemon does. */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";

import { parse } from "yaml";

import { ExitCode } from "../dist/cli/exits.js";
import { parseConfig, parseWatchConfig } from "../dist/config/Config.js";
import { ADDRESSES } from "../../sdk/test/support.ts";
import { BIN } from "./support/network.ts";

const read = (name: string): string => readFileSync(new URL(`../service/${name}`, import.meta.url), "utf8");
const NAMES = ["opg-node", "opg-watch"] as const;

/** The settings of a unit: each with all its values. */
function settingsOf(name: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of read(`${name}.service`).split("\n")) {
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  return settings;
}

const folder = mkdtempSync(join(tmpdir(), "opg-service-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
const systemd = { skip: hasSystemd ? false : "systemd-analyze is not on this machine" };

for (const name of NAMES) {
  describe(`${name}.service`, () => {
    const settings = settingsOf(name);

    it("restarts after a crash and when something is away, and never where that does not help", () => {
      const { Success, Unhealthy, Unavailable, ...hopeless } = ExitCode;
      assert.deepEqual([Success, Unhealthy, Unavailable], [0, 1, 69]);
      const prevented = settings.get("RestartPreventExitStatus")?.join(" ").split(" ").map(Number);
      assert.deepEqual(prevented, Object.values(hopeless));
      assert.deepEqual(settings.get("Restart"), ["on-failure"]);
    });

    it("can write its data folder, and nothing else", () => {
      assert.deepEqual(settings.get("StateDirectory"), [name]);
      assert.ok(settings.get("Environment")?.includes(`OPG_NODE_DATA=%S/${name}`));
      assert.deepEqual(settings.get("ProtectSystem"), ["strict"]);
      assert.equal(settings.has("ReadWritePaths"), false);
    });

    it("runs a command that there is, as a user of its own", () => {
      const command = name === "opg-node" ? "start" : "watch";
      assert.deepEqual(settings.get("ExecStart"), [`/opt/opg-node/node_modules/.bin/opg-node ${command}`]);
      assert.deepEqual(settings.get("User"), [name]);
      const { stdout } = spawnSync(process.execPath, [BIN, "--help"], { encoding: "utf8" });
      assert.match(stdout, new RegExp(`^  ${command} `, "m"));
    });

    it("is understood by systemd, which finds little exposed", systemd, () => {
      const path = join(folder, `${name}.service`);
      writeFileSync(path, read(`${name}.service`).replace("/opt/opg-node/node_modules/.bin/opg-node", BIN));
      const verified = spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8" });
      assert.deepEqual([verified.status, verified.stderr], [0, ""]);
      // In tenths; 1.4 when this was written, of 9.6 for a unit that restricts nothing.
      const exposure = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=15", path]);
      assert.equal(exposure.status, 0, exposure.stdout.toString().slice(-200));
    });
  });
}

it("The units of a node and a watcher differ in name, user, folder and command alone", () => {
  const same = (name: string) =>
    read(`${name}.service`)
      .replaceAll(/^#.*$/gm, "")
      .replaceAll(new RegExp(`(User=|StateDirectory=|%S/)${name}$`, "gm"), "$1")
      .replace(/^Description=.*$/m, "")
      .replace(/(opg-node) (start|watch)$/m, "$1");
  assert.equal(same("opg-node"), same("opg-watch"));
});

describe("The image", () => {
  interface Service {
    readonly command: string;
    readonly read_only: boolean;
    readonly cap_drop: readonly string[];
    readonly security_opt: readonly string[];
    readonly restart: string;
    readonly volumes: readonly string[];
    readonly healthcheck: { readonly test: readonly string[] };
  }
  const { services } = parse(read("compose.yaml"), { merge: true }) as { services: Record<string, Service> };
  const base = { addresses: ADDRESSES, chain: { rpcUrl: "http://127.0.0.1" } };
  const ports = {
    node: parseConfig("", { ...base, node: ADDRESSES.token, versions: [{ id: `0x${"00".repeat(32)}` }] }).http.port,
    watch: parseWatchConfig("", base).http.port,
  };

  for (const [name, port] of Object.entries(ports)) {
    it(`is asked at /readyz of the default port as ${name}, without rights, with one volume`, () => {
      const service = services[name];
      assert.ok(service !== undefined);
      assert.ok(service.healthcheck.test[3]?.includes(`http://127.0.0.1:${port}/readyz`));
      assert.equal(service.command, name === "node" ? "start" : "watch");
      assert.deepEqual(
        [service.read_only, service.cap_drop, service.security_opt, service.volumes],
        [true, ["ALL"], ["no-new-privileges:true"], [`${name}:/data`]],
      );
      assert.equal(service.restart, "on-failure");
    });
  }

  it("runs as a user without rights, in the folder of the volume", () => {
    const file = read("Containerfile");
    assert.match(file, /^USER node$/m);
    assert.match(file, /^ENV OPG_NODE_DATA=\/data$/m);
    assert.match(file, /^VOLUME \/data$/m);
  });
});
