/** `opg model publish` against a real chain, until a node answers with what it has published. */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import {
  type Tensor,
  depositOptimistic,
  faultOf,
  getAnswer,
  getModel,
  getVersion,
  isAdmitted,
  modelId as modelIdOf,
  payloadRoot,
  requestOptimistic,
  createClient,
  transferModel,
  PayloadError,
} from "@opg-protocol/sdk";
import { Executor, compile } from "@opg-protocol/sdk/onnx";
import { Wallet, encryptKeystoreJson, parseEther } from "ethers";

import { DaemonProcess } from "../../node/test/support/daemon.ts";
import { eventually, TestNetwork } from "../../node/test/support/network.ts";
import { onnxModel } from "../../node/test/support/onnx.ts";
import { answersAlone, servingAlone } from "../../node/test/support/refereed.ts";

const OPG = fileURLToPath(new URL("../bin/opg.js", import.meta.url));
const DIGITS = fileURLToPath(new URL("../../../examples/digits/digits.onnx", import.meta.url));
const file = readFileSync(DIGITS);
const PASSWORD = "not in a file";

interface Plan {
  readonly modelId: string;
  readonly versionId: string;
  readonly royalty: string;
  readonly steps: readonly { does: string; to: string; data: string; gas?: string; transaction?: string }[];
}

async function opg(...args: readonly string[]) {
  const child = spawn(process.execPath, [OPG, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, output, errors };
}

describe("opg model publish", () => {
  let network: TestNetwork;
  let served: Server;
  /** What the server answers at each path. */
  const content = new Map<string, Uint8Array>();
  let url: string;
  let publisher: string;
  /** What every call has in common. */
  let common: readonly string[];
  const at = (name: string) => join(network.folder, name);

  before(async () => {
    network = await TestNetwork.start();
    served = createServer(({ url: path = "" }, response) => {
      const bytes = content.get(path);
      response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
    });
    served.listen(0, "127.0.0.1");
    await once(served, "listening");
    url = `http://127.0.0.1:${(served.address() as AddressInfo).port}`;
    content.set("/digits.onnx", file);

    const wallet = Wallet.createRandom();
    publisher = wallet.address;
    const { address, privateKey } = wallet;
    const keystore = await encryptKeystoreJson({ address, privateKey }, PASSWORD, { scrypt: { N: 2, r: 8, p: 1 } });
    writeFileSync(at("publisher.json"), keystore);
    writeFileSync(at("password"), PASSWORD);
    const { chainId, addresses } = network.client;
    writeFileSync(at("deployment.json"), JSON.stringify({ chainId: Number(chainId), startBlock: 0, addresses }));
    await network.client.signer?.sendTransaction({ to: publisher, value: parseEther("1") });
    const { output } = await opg("model", "metadata", DIGITS, "-o", at("digits.json"), "--name", "Digits", "--json");
    const { sha256 } = JSON.parse(output) as { sha256: string };
    assert.match(sha256, /^0x[0-9a-f]{64}$/);
    content.set("/digits.json", readFileSync(at("digits.json")));
    common = [
      ...["--dev", "--deployment", at("deployment.json"), "--rpc-url", network.url, "--slug", "digits"],
      ...["--licence", "MIT", "--royalty", "0.1", "--metadata-uri", `${url}/digits.json`],
    ];
  });

  after(async () => {
    served.close();
    await network.stop();
  });

  const publish = (...args: readonly string[]) => opg("model", "publish", DIGITS, ...common, ...args);
  const signed = () => ["--keystore", at("publisher.json"), "--password-file", at("password")];
  const places = () => ["--uri", `${url}/digits.onnx`, pathToFileURL(DIGITS).href];

  describe("when something is wrong", () => {
    const cases: readonly (readonly [string, () => readonly string[], number, RegExp])[] = [
      [
        "a place that serves nothing",
        () => ["--uri", `${url}/none`],
        1,
        /\/none cannot be fetched: the answer is 404\. Upload it/,
      ],
      [
        "a place that serves something else",
        () => ["--uri", `${url}/other`],
        1,
        /\/other serves something else: its sha-256 is 0x/,
      ],
      ["a place that never ends", () => ["--uri", `${url}/longer`], 1, /is longer than \d+ bytes/],
      ["a place that nodes do not read", () => ["--uri", "ftp://x/y"], 1, /ftp:\/\/x\/y is no place that nodes read/],
      [
        "a licence that is none",
        () => [...places(), "--licence", "do what you like"],
        2,
        /--licence do what you like is no SPDX/,
      ],
      [
        "a licence that SPDX does not list",
        () => [...places(), "--licence", "MIT-ish"],
        2,
        /--licence MIT-ish is no SPDX/,
      ],
      ["a licence that is too long", () => [...places(), "--licence", "x".repeat(65)], 2, /more than 64 bytes/],
      [
        "a number that is none",
        () => [...places(), "--number", "1"],
        2,
        /--number 1 must be two numbers, such as 1\.0/,
      ],
      ["a royalty that is none", () => [...places(), "--royalty", "-1"], 2, /--royalty -1 must be an amount of OPG/],
      [
        "metadata that are no JSON",
        () => [...places(), "--metadata-uri", `${url}/other`],
        1,
        /serves no JSON: make the file/,
      ],
      [
        "metadata without a golden input",
        () => [...places(), "--metadata-uri", `${url}/empty`],
        1,
        /serves no golden input/,
      ],
      [
        "metadata that name no digest of the graph that writes texts",
        () => [...places(), "--metadata-uri", `${url}/undigested`],
        1,
        /serves a malformed decode section \([^]*decode\.sha256/,
      ],
      [
        "a golden input that does not fit",
        () => [...places(), "--metadata-uri", `${url}/misfit`],
        1,
        /golden input does not fit/,
      ],
      ["nobody who publishes", () => places(), 2, /who publishes\? --keystore <file> signs/],
      [
        "a password that is wrong",
        () => [...places(), "--keystore", at("publisher.json"), "--password-file", at("digits.json")],
        2,
        /publisher\.json is no keystore that this password opens/,
      ],
      ["an address that is none", () => [...places(), "--calldata", "--from", "0x1"], 2, /--from 0x1 is no address/],
      [
        "another chain",
        () => [...places(), "--calldata", "--from", publisher, "--deployment", at("elsewhere.json")],
        1,
        /chain 31337.*1\b/,
      ],
      [
        "a deployment that is none",
        () => [...places(), "--deployment", at("digits.json")],
        2,
        /deployment's `chainId` must be a whole number/,
      ],
      [
        "a slug that the registry refuses",
        () => [...places(), "--dry-run", "--from", publisher, "--slug", "No"],
        1,
        /slug has the wrong length or a character/,
      ],
    ];
    before(() => {
      content.set("/other", file.subarray(1));
      content.set("/longer", new Uint8Array(file.length + 1));
      content.set("/empty", Buffer.from("{}"));
      const { golden } = JSON.parse(readFileSync(at("digits.json"), "utf8")) as { golden: { input: string } };
      // The last byte of the offset to the data of the tensor: the rank, 4, becomes 3.
      const input = golden.input.replace(/0{63}4(?=(0{63}1){2})/, `${"0".repeat(63)}3`);
      assert.notEqual(input, golden.input);
      const decode = { uri: "https://models.example/decode.onnx", sha256: "0x12" };
      content.set("/undigested", Buffer.from(JSON.stringify({ golden: { input }, decode })));
      content.set("/misfit", Buffer.from(JSON.stringify({ golden: { input } })));
      const { addresses } = network.client;
      writeFileSync(at("elsewhere.json"), JSON.stringify({ chainId: 1, startBlock: 0, addresses }));
    });
    for (const [title, args, code, message] of cases)
      it(`ends with ${code} and sends nothing, with ${title}`, async () => {
        const outcome = await publish(...args());
        assert.match(outcome.errors, message);
        assert.equal(outcome.code, code);
        assert.equal(await network.provider.getTransactionCount(publisher), 0);
      });
  });

  it("says what it would send and what that takes, and sends nothing unless somebody agrees", async () => {
    const dry = await publish(...places(), "--dry-run", "--from", publisher);
    assert.deepEqual([dry.code, dry.errors], [0, ""]);
    assert.match(dry.output, /^Royalty +0\.1 OPG for each inference *$/m);
    assert.match(dry.output, /^1 +register the model digits +\d+ gas, 0\.\d+ coin *$/m);
    assert.match(dry.output, /^3 +admit it to disputes, so that one node can answer alone +\d+ gas/m);

    const { code, errors } = await publish(...places(), ...signed());
    assert.deepEqual([code, errors], [4, "Nothing was sent: --yes sends it.\n"]);
    assert.equal(await network.provider.getTransactionCount(publisher), 0);
  });

  it("prints calldata that does the same, for who signs elsewhere", async () => {
    const { code, output, errors } = await publish(...places(), "--calldata", "--from", publisher);
    assert.equal(code, 0);
    assert.match(errors, /^Royalty/m);
    const calls = JSON.parse(output) as { to: string; data: string; value: string }[];
    const dry = await publish(...places(), "--dry-run", "--json", "--from", publisher);
    const { steps } = JSON.parse(dry.output) as Plan;
    assert.deepEqual(
      calls,
      steps.map(({ to, data }) => ({ to, value: "0", data })),
    );
  });

  it("publishes what a node then answers with, and does nothing twice", async () => {
    const { code, output } = await publish(...places(), ...signed(), "--yes", "--json");
    assert.equal(code, 0);
    const { modelId, versionId, steps } = JSON.parse(output) as Plan;
    assert.equal(modelId, modelIdOf(publisher, "digits"));
    const receipts = await Promise.all(
      steps.map(({ transaction = "" }) => network.provider.getTransactionReceipt(transaction)),
    );
    // What was predicted beside what it took; a cold slot more or less.
    for (const [i, receipt] of receipts.entries()) {
      const [predicted, used] = [Number(steps[i]?.gas), Number(receipt?.gasUsed)];
      assert.ok(Math.abs(predicted - used) < used / 10, `${predicted} gas were predicted, ${used} used`);
    }
    assert.deepEqual((await getModel(network.client, { modelId })).royalty, parseEther("0.1"));
    const version = await getVersion(network.client, { versionId });
    const program = compile(file);
    assert.equal(version.identity.graphRoot, program.graphRoot);
    assert.deepEqual(version.uris, places().slice(1));
    assert.equal(await isAdmitted(network.client, { versionId }), true);

    const again = await publish(...places(), ...signed(), "--yes");
    assert.deepEqual([again.code, again.output], [3, `Version ${versionId} is published already.\n`]);
    const other = await publish(...places(), ...signed(), "--yes", "--licence", "Apache-2.0");
    assert.equal(other.code, 1);
    assert.match(other.errors, /released already, with another licence: that is final/);

    const image: Tensor = { dtype: 2, shape: [1, 1, 8, 8], data: Uint8Array.from({ length: 64 }, (_, i) => i) };
    const fetching = { fetch: { allowPrivateHosts: true } };
    const node = await network.addNode(1, { ...answersAlone(versionId), ...fetching });
    const daemon = new DaemonProcess(node);
    daemon.start();
    try {
      await daemon.ready();
      await servingAlone(network, versionId, [node]);
      network.run(200);
      await depositOptimistic(network.client, { amount: parseEther("10") });
      const terms = {
        price: parseEther("1"),
        answerPeriod: 30,
        windowPeriod: 60,
        auctionRamp: 5,
        maxRoyalty: parseEther("0.1"),
      };
      const { packed } = await requestOptimistic(network.client, { versionId, input: { tensors: [image] }, ...terms });
      const answer = () => getAnswer(network.client, { job: packed, attempt: 0 });
      await eventually("the node answers", async () => (await answer()) !== undefined);
      const { outputRoot = "" } = (await answer()) ?? {};
      assert.equal(faultOf(outputRoot), PayloadError.None);
      assert.equal(outputRoot, payloadRoot(new Executor(program).run([image])));
    } finally {
      await daemon.kill();
    }
  });

  it("takes up where an earlier try has stopped, and publishes what no referee judges", async () => {
    await network.provider.send("evm_setAutomine", [true]);
    const model = onnxModel(
      [{ name: "x", dtype: 1, shape: ["batch", 4] }],
      [{ name: "y", dtype: 1, shape: ["batch", 4] }],
      [{ type: "Softmax", inputs: ["x"], outputs: ["y"] }],
    );
    writeFileSync(at("soft.onnx"), model);
    await opg("model", "metadata", at("soft.onnx"), "-o", at("soft.json"), "--name", "Softmax");
    const places = [
      "--uri",
      pathToFileURL(at("soft.onnx")).href,
      "--metadata-uri",
      pathToFileURL(at("soft.json")).href,
    ];
    const { code, output } = await opg(
      ...["model", "publish", at("soft.onnx"), ...common, ...places, ...signed(), "--number", "1.1", "--yes", "--json"],
    );
    assert.equal(code, 0);
    const { steps, versionId, royalty } = JSON.parse(output) as Plan;
    assert.deepEqual(
      steps.map(({ does }) => does),
      ["release version 1.1"],
    );
    assert.equal(royalty, `${parseEther("0.1")}`);
    const { identity } = await getVersion(network.client, { versionId });
    assert.deepEqual(identity.inputs, [{ name: "x", dtype: 1, shape: [0, 4] }]);
    assert.equal(await isAdmitted(network.client, { versionId }), false);
  });

  it("publishes nothing as a model that was given away", async () => {
    const modelId = modelIdOf(publisher, "digits");
    const wallet = await Wallet.fromEncryptedJson(readFileSync(at("publisher.json"), "utf8"), PASSWORD);
    const { addresses, provider } = network.client;
    const owner = await createClient({ provider, addresses, signer: wallet });
    const to = network.client.account ?? "";
    await transferModel(owner, { modelId, from: publisher, to });
    const { code, errors } = await publish(...places(), ...signed(), "--number", "2.0", "--yes");
    assert.equal(code, 1);
    assert.match(errors, new RegExp(`The model digits of ${publisher} was given to ${to}: choose another slug`));
  });
});
