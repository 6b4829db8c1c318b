import { strict as assert } from "node:assert";
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { id, parseEther, Wallet } from "ethers";

import type { Status } from "../dist/status/Status.js";
import { missing, opgNode, type Report } from "./support/cli.ts";
import { DaemonProcess } from "./support/daemon.ts";
import { temporaryFolder } from "./support/folder.ts";
import { TestNetwork, eventually, freePort, type TestNode } from "./support/network.ts";

describe("opg-node", () => {
  const folder = temporaryFolder();

  it("ends with 64 when the command line is wrong, and says how it goes", async () => {
    for (const args of [
      ["no-such-command"],
      ["start", "--port", "http"],
      ["start", "--port", "65536"],
      ["doctor", "--x"],
    ]) {
      const { code, errors } = await opgNode("--data", folder, ...args);
      assert.equal(code, 64, errors);
      assert.match(errors, /^error: /m);
    }
  });

  it("explains itself", async () => {
    const { code, output } = await opgNode("--help");
    assert.equal(code, 0);
    for (const command of ["init", "start", "status", "doctor"])
      assert.match(output, new RegExp(`^  ${command} `, "m"));
  });

  it("ends with 78 when there is no configuration, or a wrong one, whatever the command", async () => {
    for (const command of ["start", "status", "doctor"]) {
      const { code, errors } = await opgNode("--data", folder, command);
      assert.equal(code, 78);
      assert.match(errors, /node\.json5: is not there; make it with `opg-node init`/);
    }
    const wrong = join(folder, "wrong");
    mkdirSync(wrong);
    writeFileSync(join(wrong, "node.json5"), "{ node: 7 }");
    const { code, errors } = await opgNode("--data", wrong, "start");
    assert.equal(code, 78);
    assert.match(errors, /at node/);
  });

  it("ends with 78 when nobody can be asked for what init needs", async () => {
    const { code, errors } = await opgNode("--data", join(folder, "unasked"), "init", "--json");
    assert.equal(code, 78);
    assert.match(errors, /--node: must be given where nobody can be asked/);
    assert.ok(!readdirSync(folder).includes("unasked"));
  });
});

describe("opg-node with a chain", () => {
  let network: TestNetwork;
  let node: TestNode;
  let daemon: DaemonProcess;
  before(async () => {
    network = await TestNetwork.start();
    node = await network.addNode(1);
    daemon = new DaemonProcess(node);
  });
  after(async () => {
    await daemon.kill();
    await network.stop();
  });
  const configOf = ({ folder }: TestNode) =>
    JSON.parse(readFileSync(join(folder, "node.json5"), "utf8")) as Record<string, unknown>;
  /** A copy of the node's folder in which something is different. */
  const changedNode = (name: string, change: (folder: string) => void): string => {
    const copy = join(network.folder, name);
    cpSync(node.folder, copy, { recursive: true });
    change(copy);
    return copy;
  };

  it("makes a data folder that doctor finds complete but for what its owner has to do", async () => {
    const data = join(network.folder, "fresh");
    const book = join(network.folder, "addresses.json");
    writeFileSync(book, JSON.stringify(network.client.addresses));
    const { rpcUrl } = configOf(node).chain as { rpcUrl: string };
    const owner = Wallet.createRandom().address;
    const flags = [
      "--node",
      owner,
      "--rpc-url",
      rpcUrl,
      "--addresses",
      book,
      "--version-id",
      network.versionId,
      "--json",
    ];
    const init = await opgNode("--data", data, "init", ...flags);
    assert.equal(init.code, 0, init.errors);
    const made = JSON.parse(init.output) as Record<string, string>;
    assert.deepEqual(Object.keys(made), ["folder", "signer", "consent"]);
    assert.equal(statSync(data).mode & 0o777, 0o700);
    for (const name of ["secret", "signer.json", "signer.password"]) {
      assert.equal(statSync(join(data, name)).mode & 0o777, 0o600, name);
    }

    const again = await opgNode("--data", data, "init", ...flags);
    assert.equal(again.code, 78);
    assert.match(again.errors, /is there already/);

    const { code, output, errors } = await opgNode("--data", data, "doctor", "--json");
    assert.equal(code, 1, errors);
    const report = JSON.parse(output) as Report;
    const version = `version ${network.versionId.slice(0, 10)}`; // it may not read the files of this machine
    const staked = ["own stake", "market authorised"];
    const toDo = ["registration", "signer", "address of outputs", "coin for gas", ...staked, version];
    assert.deepEqual([report.healthy, missing(report)], [false, toDo]);
    const table = await opgNode("--data", data, "doctor");
    assert.equal(table.code, 1);
    assert.match(table.output, /^MISSING +signer/m);
  });

  it("makes the folder of a watcher out of the file of a deployment", async () => {
    const [data, book] = [join(network.folder, "watching"), join(network.folder, "deployment.json")];
    const { addresses, chainId } = network.client;
    writeFileSync(book, JSON.stringify({ chainId: Number(chainId), startBlock: 0, addresses }));
    const flags = ["--watcher", "--rpc-url", network.url];
    const init = await opgNode("--data", data, "init", ...flags, "--addresses", book);
    assert.equal(init.code, 0, init.errors);
    assert.match(init.output, /^2\. Deposit OPG for the same address in DisputeGame/m);
    const { code, output } = await opgNode("--data", data, "doctor", "--json");
    const report = JSON.parse(output) as Report;
    assert.deepEqual([code, missing(report)], [1, ["coin for gas", "deposit for bonds"]]);

    writeFileSync(book, JSON.stringify({ addresses: { ...addresses, market: "0x1" } }));
    const wrong = await opgNode("--data", `${data}-2`, "init", ...flags, "--addresses", book);
    assert.equal(wrong.code, 78);
    assert.match(wrong.errors, /deployment\.json: The deployment's `addresses\.market` must be an address/);
  });

  it("ends with 78 when a key file is open to others, missing, or not opened by its password", async () => {
    const cases: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
      [
        "open",
        (folder) => {
          chmodSync(join(folder, "signer.json"), 0o644);
        },
        /chmod 600/,
      ],
      [
        "keyless",
        (folder) => {
          writeFileSync(join(folder, "signer.password"), "wrong");
        },
        /signer\.json.*password/,
      ],
      [
        "secretless",
        (folder) => {
          writeFileSync(join(folder, "secret"), "short", { mode: 0o600 });
        },
        /secret of 32 bytes/,
      ],
    ];
    for (const [name, change, reason] of cases) {
      const { code, errors } = await opgNode("--data", changedNode(name, change), "start");
      assert.match(errors, reason);
      assert.equal(code, 78);
    }
  });

  it("ends with 69 when the chain cannot be reached", async () => {
    const rpcUrl = `http://127.0.0.1:${await freePort()}`;
    for (const args of [["start", "--rpc-url", rpcUrl], ["doctor"], ["status"]]) {
      const data = changedNode(`lost-${args[0]}`, (folder) => {
        writeFileSync(join(folder, "node.json5"), JSON.stringify({ ...configOf(node), chain: { rpcUrl } }));
      });
      const { code, errors } = await opgNode("--data", data, ...args);
      assert.equal(code, 69, errors);
      assert.match(errors, /ECONNREFUSED/);
    }
  });

  it("ends with 69 when it can offer nothing", async () => {
    const data = changedNode("unable", (folder) => {
      writeFileSync(join(folder, "node.json5"), JSON.stringify({ ...configOf(node), fetch: {} }));
    });
    const { code, errors } = await opgNode("--data", data, "start");
    assert.equal(code, 69);
    assert.match(errors, /No version can be offered/);
  });

  it("runs, is healthy, says what it does, and lets no second process run", async () => {
    const idle = await opgNode("--data", node.folder, "status", "--json");
    assert.equal((JSON.parse(idle.output) as { running: boolean }).running, false);

    daemon.start();
    await daemon.ready();
    await eventually("it has written its status", () =>
      Promise.resolve(readdirSync(node.folder).includes("status.json")),
    );
    const doctor = await opgNode("--data", node.folder, "doctor", "--json");
    const report = JSON.parse(doctor.output) as Report;
    assert.deepEqual([doctor.code, report.healthy, missing(report)], [0, true, []]);

    const { code, output } = await opgNode("--data", node.folder, "status", "--json");
    assert.equal(code, 0);
    const status = JSON.parse(output) as { running: boolean; node: string; daemon: object; servings: object[] };
    assert.deepEqual([status.running, status.node], [true, node.node]);
    assert.equal((status.daemon as { url: string }).url, node.url);
    assert.equal((status.servings[0] as { versionId: string }).versionId, network.versionId);
    const table = await opgNode("--data", node.folder, "status");
    assert.match(table.output, /runs as process/);

    const second = await opgNode("--data", node.folder, "start", "--port", "0");
    assert.equal(second.code, 75);
    assert.match(second.errors, /Another process holds the journal/);

    assert.equal(await daemon.stop(), 0);
    const stopped = await opgNode("--data", node.folder, "status");
    assert.match(stopped.output, /does not run/);
  });

  it("says of a watcher, too, what it does and what it has at stake", async () => {
    const watcher = await network.addWatcher(parseEther("5"));
    const args = ["--data", watcher.folder, "status"];
    const idle = await opgNode(...args, "--json");
    assert.equal(idle.code, 0, idle.errors);
    assert.equal((JSON.parse(idle.output) as { running: boolean }).running, false);

    const watching = new DaemonProcess(watcher, "watch");
    watching.start();
    await watching.ready();
    assert.equal((await fetch(`${watcher.url}/livez`)).status, 200);
    assert.equal((await fetch(`${watcher.url}/v1/outputs/${id("output")}`)).status, 404);
    await eventually("it has written its status", () =>
      Promise.resolve(readdirSync(watcher.folder).includes("status.json")),
    );
    const { code, output } = await opgNode(...args, "--json");
    assert.equal(code, 0);
    const status = JSON.parse(output) as { running: boolean; account: string; balance: string; daemon: Status };
    assert.deepEqual([status.running, status.account, status.balance], [true, watcher.node, `${parseEther("5")}`]);
    const { url, account, isCaughtUp, openTasks, node: none, watcher: own } = status.daemon;
    assert.deepEqual([url, account, isCaughtUp, none], [watcher.url, watcher.node, true, undefined]);
    assert.deepEqual(
      [openTasks, own],
      [
        { offer: 0, statement: 0, game: 0, demand: 0 },
        { atStake: "0", late: 0 },
      ],
    );
    const table = await opgNode(...args);
    assert.match(
      table.output,
      /runs as process[^]*Open tasks +none[^]*Deposited +5 OPG[^]*At stake +0 OPG[^]*Late +0 statements/,
    );

    const second = await opgNode("--data", watcher.folder, "watch", "--port", "0");
    assert.equal(second.code, 75);
    assert.equal(await watching.stop(), 0);
    assert.match((await opgNode(...args)).output, /does not run/);
  });
});
