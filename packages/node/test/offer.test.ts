import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { encodePayload, payloadRoot, type Tensor, type Version } from "@opg-protocol/sdk";
import { completionInputs } from "@opg-protocol/sdk/completions";
import { compile, INTEGER_PROFILE, PROFILE, type Program } from "@opg-protocol/sdk/onnx";
import { ZeroHash, encodeBytes32String, hexlify, id } from "ethers";

import { ArtifactStore } from "../dist/artifacts/ArtifactStore.js";
import { Fetcher } from "../dist/artifacts/Fetcher.js";
import type { VersionConfig } from "../dist/config/Config.js";
import type { Executable, Executor } from "../dist/execute/Executor.js";
import { RuntimeProcess } from "../dist/execute/RuntimeProcess.js";
import { Journal } from "../dist/journal/Journal.js";
import { createLogger } from "../dist/log.js";
import { Inspector, VersionRefusedError } from "../dist/offer/Inspector.js";
import { Offers } from "../dist/offer/Offers.js";
import { Upkeep } from "../dist/offer/Upkeep.js";
import { Profile } from "../dist/profile/Profile.js";
import { FakeChain } from "./support/FakeChain.ts";
import { FakeSender } from "./support/FakeSender.ts";
import { temporaryFolder } from "./support/folder.ts";
import { recordingLog } from "./support/log.ts";
import { DIGITS, IMAGE, run, sha256 } from "./support/network.ts";

const LOG = createLogger("silent", false);
const VERSION = id("version") as `0x${string}`;
const GRAPH_ROOT = compile(readFileSync(join(DIGITS, "digits.onnx"))).graphRoot;
const REFEREED = { profile: encodeBytes32String(PROFILE), graphRoot: GRAPH_ROOT };

describe("Inspector", () => {
  const folder = temporaryFolder();
  const artifactPath = join(DIGITS, "digits.onnx");
  const artifact = readFileSync(artifactPath);
  const chain = new FakeChain();
  const fetcher = new Fetcher({ gateways: [], fileRoots: [DIGITS, folder], allowPrivateHosts: false, timeout: 5_000 });
  const store = join(folder, "artifacts");
  const artifacts = new ArtifactStore(store, fetcher, 1_000_000);
  const runtime = new RuntimeProcess(store, { time: 30_000, memory: 1_000, queue: 8 }, LOG);
  const inspector = new Inspector(chain, artifacts, runtime, new Profile(store, runtime), LOG);
  let version: Version;

  /** The metadata of a version, published. */
  const publish = (content: string) => {
    const path = join(folder, randomUUID());
    writeFileSync(path, content);
    return { metadataURI: pathToFileURL(path).href, metadataHash: sha256(Buffer.from(content)) };
  };
  const golden = (tensors: readonly Tensor[]) => ({
    goldenInputRoot: payloadRoot(tensors),
    ...publish(JSON.stringify({ golden: { input: hexlify(encodePayload(tensors)) } })),
  });
  const refusal = async (changes: Partial<Version>) => {
    chain.versionNow = { ...version, ...changes };
    let reason = "";
    await assert.rejects(inspector.inspect(VERSION), (error) => {
      assert.ok(error instanceof VersionRefusedError, String(error));
      assert.equal(error.versionId, VERSION);
      reason = error.reason;
      return true;
    });
    return reason;
  };

  before(async () => {
    version = {
      isDeprecated: false,
      identity: {
        artifactDigest: sha256(artifact),
        artifactSize: BigInt(artifact.length),
        format: "onnx",
        inputs: [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }],
        outputs: [{ name: "logits", dtype: 1, shape: [1, 10] }],
        profile: ZeroHash,
        graphRoot: ZeroHash,
      },
      release: { goldenOutputRoot: payloadRoot(await run(artifact)), ...golden([IMAGE]) },
      uris: [pathToFileURL(artifactPath).href],
    } as unknown as Version;
  });
  after(async () => {
    await runtime.close();
    await fetcher.close();
  });

  it("accepts a version whose file is right and whose golden vector gives here what it must", async () => {
    chain.versionNow = version;
    const { digest, path, inputs } = await inspector.inspect(VERSION);
    assert.equal(digest, version.identity.artifactDigest);
    assert.equal(path, join(store, digest.slice(2)));
    assert.deepEqual(inputs, version.identity.inputs);
  });

  it("refuses a version that nobody knows, or that is deprecated", async () => {
    chain.versionNow = undefined;
    await assert.rejects(inspector.inspect(VERSION), new VersionRefusedError(VERSION, "the registry does not know it"));
    assert.equal(await refusal({ isDeprecated: true }), "its owner has deprecated it");
  });

  it("refuses what it can neither run nor check", async () => {
    const identity = (changes: object) => ({ identity: { ...version.identity, ...changes } });
    assert.equal(await refusal(identity({ format: "gguf" })), "its format is gguf");
    assert.match(
      await refusal(identity({ graphRoot: id("graph") })),
      /its profile 0x0+ is neither of those known here/,
    );
  });

  it("accepts a version of the profile on a machine that computes as the profile says", async () => {
    chain.versionNow = { ...version, identity: { ...version.identity, ...REFEREED } };
    const { versionId } = await inspector.inspect(VERSION);
    assert.equal(versionId, VERSION);
    assert.deepEqual(
      readdirSync(store).filter((name) => name.endsWith(".probe")),
      [],
    );
  });

  it("refuses a version whose graph root is not that of its artifact [T016]", async () => {
    const identity = { ...version.identity, ...REFEREED, graphRoot: id("graph") };
    assert.equal(
      await refusal({ identity }),
      `its artifact has the graph root ${GRAPH_ROOT}, not ${id("graph")} as it says`,
    );
  });

  it("refuses the profile on a machine that computes one byte of its hard cases otherwise", async () => {
    const faulty: Executor = {
      run: async (executable, inputs, signal) => {
        const outputs = await runtime.run(executable, inputs, signal);
        const [first] = outputs;
        if (executable.versionId === "probe" && first !== undefined) first.data[0] = (first.data[0] ?? 0) ^ 1;
        return outputs;
      },
      close: () => Promise.resolve(),
    };
    const strict = new Inspector(chain, artifacts, runtime, new Profile(store, faulty), LOG);
    chain.versionNow = { ...version, identity: { ...version.identity, ...REFEREED } };
    await assert.rejects(
      strict.inspect(VERSION),
      /does not compute the profile onnx-int8\/1 as it must: .*gives \d+, not \d+/,
    );
  });

  it("refuses metadata without a golden input", async () => {
    for (const content of ["no json", "{}", '{"golden":{"input":"0x"}}', '{"golden":{"input":7}}']) {
      const release = { ...version.release, ...publish(content) };
      assert.equal(await refusal({ release }), "its metadata holds no golden input");
    }
  });

  it("refuses a golden input that is another one, or not of the signature", async () => {
    const other: Tensor = { ...IMAGE, data: IMAGE.data.toReversed() };
    const release = { ...version.release, ...golden([other]), goldenInputRoot: payloadRoot([IMAGE]) };
    assert.match(await refusal({ release }), new RegExp(`has the root ${payloadRoot([other])}, not`));
    const flat: Tensor = { ...IMAGE, shape: [64] };
    const wrongShape = { release: { ...version.release, ...golden([flat]) } };
    assert.match(await refusal(wrongShape), /golden input is not of the types and shapes/);
  });

  it("refuses outputs that are not of the signature", async () => {
    const outputs = [{ name: "logits", dtype: 1, shape: [1, 9] }];
    const reason = await refusal({ identity: { ...version.identity, outputs } });
    assert.match(reason, /outputs are not of the types and shapes/);
  });

  it("refuses a version whose golden vector gives something else here", async () => {
    const release = { ...version.release, goldenOutputRoot: id("another") };
    const given = version.release.goldenOutputRoot;
    assert.equal(await refusal({ release }), `its golden vector gives ${given} here, not ${id("another")}`);
  });

  describe("of a language model", () => {
    const VERSES = fileURLToPath(new URL("../../../examples/models/verses/", import.meta.url));
    const file = readFileSync(join(VERSES, "pass-64.onnx"));
    const decodePath = join(VERSES, "decode.onnx");
    const decode = { uri: pathToFileURL(decodePath).href, sha256: sha256(readFileSync(decodePath)) };
    const program = compile(file, INTEGER_PROFILE);
    const specs = (list: Program["inputs"]) =>
      list.map(({ name, dtype, shape }) => ({ name, dtype, shape: [...shape] }));
    const identity = {
      artifactDigest: sha256(file),
      artifactSize: BigInt(file.length),
      format: "onnx",
      inputs: specs(program.inputs),
      outputs: specs(program.outputs),
      profile: encodeBytes32String(INTEGER_PROFILE),
      graphRoot: program.graphRoot,
    };
    const input = completionInputs(identity, { prompt: "And God", limit: 4 });
    const { log, lines } = recordingLog();
    const reader = new Fetcher({ gateways: [], fileRoots: [VERSES, folder], allowPrivateHosts: false, timeout: 5_000 });
    const files = new ArtifactStore(store, reader, 1_000_000);
    const judging = new Inspector(chain, files, runtime, new Profile(store, runtime), log);
    let outputRoot: string;
    before(async () => {
      const path = await files.path({ digest: sha256(file), uris: [pathToFileURL(join(VERSES, "pass-64.onnx")).href] });
      const { inputs, outputs } = identity;
      const executable = { versionId: VERSION, path, digest: sha256(file), inputs, outputs };
      outputRoot = payloadRoot(await runtime.run(executable, input));
    });
    after(() => reader.close());

    const inspected = async (entry: unknown) => {
      lines.length = 0;
      const metadata = { golden: { input: hexlify(encodePayload(input)) }, decode: entry };
      const release = { goldenInputRoot: payloadRoot(input), goldenOutputRoot: outputRoot };
      chain.versionNow = {
        ...version,
        identity,
        release: { ...version.release, ...release, ...publish(JSON.stringify(metadata)) },
        uris: [],
      };
      return judging.inspect(VERSION);
    };

    it("finds the graph that writes its texts, and checks the digest", async () => {
      const executable = await inspected(decode);
      const digest = decode.sha256;
      assert.deepEqual(executable.decode, { path: join(store, digest.slice(2)), digest });
      assert.equal(sha256(readFileSync(join(store, digest.slice(2)))), digest);
      assert.deepEqual(lines, []);
    });

    it("serves it without, where there is none, and says why where the metadata name none that can be read", async () => {
      assert.equal((await inspected(undefined)).decode, undefined);
      assert.deepEqual(lines, []);
      const malformed: readonly (readonly [unknown, RegExp])[] = [
        ["decode.onnx", /expected object, received string\n.*at decode$/],
        [{ uri: decode.uri, sha256: "0x12" }, /at decode\.sha256$/],
        [{ uri: "x".repeat(2_049), sha256: decode.sha256 }, /at decode\.uri$/],
      ];
      for (const [entry, expected] of malformed) {
        assert.equal((await inspected(entry)).decode, undefined);
        const [[fields, message] = []] = lines as [{ reason: string }, string][];
        assert.equal(message, "serves texts without the graph that writes them");
        assert.match(fields?.reason ?? "", expected);
      }
    });

    it("serves it without, where there is another file than the metadata say", async () => {
      const other = { ...decode, sha256: id("another file") };
      assert.equal((await inspected(other)).decode, undefined);
      const reason = `No mirror served it: ${decode.uri} serves something else: its sha-256 is ${decode.sha256}, not ${other.sha256}.`;
      const said = "serves texts without the graph that writes them";
      assert.deepEqual(lines, [[{ versionId: VERSION, uri: decode.uri, reason }, said]]);
    });
  });
});

describe("Offers", () => {
  const folder = temporaryFolder();
  const DAY = 86_400;
  const HEAD = { number: 1, hash: id("head"), timestamp: 1_000_000 };
  const SETTINGS = { lockDays: 60, claimAbove: 100n };
  const EXECUTABLE: Executable = { versionId: VERSION, path: "", digest: "", inputs: [], outputs: [] };
  const config: VersionConfig = { id: VERSION, floorPrice: 0n };
  const endsAt = HEAD.timestamp + 60 * DAY;
  const serving = { weight: 1_000n, maxLock: 50n, used: 0n, earned: 0n, endsAt };
  let chain: FakeChain;
  let sender: FakeSender;
  let journal: Journal;
  let offers: Offers;

  beforeEach(() => {
    chain = new FakeChain();
    sender = new FakeSender();
    const owner = { chainId: 1n, market: "market", node: "node" };
    journal = Journal.open(join(folder, `${randomUUID()}.sqlite`), owner);
    offers = new Offers(chain, journal, sender.asSender(), SETTINGS, LOG);
  });

  it("offers all of the backing, and a twentieth of the own stake as lock, unless told otherwise", async () => {
    offers.add(config, EXECUTABLE);
    assert.equal(await offers.maintain(HEAD), true);
    assert.deepEqual(sender.sent, [`serve ${VERSION} 1000 50 ${endsAt}`]);

    const other = new FakeSender();
    const told = new Offers(chain, journal, other.asSender(), SETTINGS, LOG);
    told.add({ ...config, weight: 700n, maxLock: 80n }, EXECUTABLE);
    await told.maintain(HEAD);
    assert.deepEqual(other.sent, [`serve ${VERSION} 700 80 ${endsAt}`]);
  });

  it("sends nothing while the offer stands, or its weight is off by a twentieth", async () => {
    offers.add(config, EXECUTABLE);
    for (const weight of [1_000n, 950n, 1_050n]) {
      chain.servingNow = { ...serving, weight };
      assert.equal(await offers.maintain(HEAD), false);
    }
    chain.servingNow = { ...serving, weight: 949n };
    assert.equal(await offers.maintain(HEAD), true);
  });

  it("renews the lock when half of its time is over", async () => {
    offers.add(config, EXECUTABLE);
    chain.servingNow = { ...serving, endsAt: HEAD.timestamp + 30 * DAY };
    assert.equal(await offers.maintain(HEAD), false);
    chain.servingNow = { ...serving, endsAt: HEAD.timestamp + 30 * DAY - 1 };
    assert.equal(await offers.maintain(HEAD), true);
    assert.deepEqual(sender.sent, [`serve ${VERSION} 1000 50 ${endsAt}`]);
  });

  it("never offers less lock than is in use", async () => {
    offers.add(config, EXECUTABLE);
    chain.servingNow = { ...serving, used: 60n, endsAt: 0 };
    await offers.maintain(HEAD);
    assert.deepEqual(sender.sent, [`serve ${VERSION} 1000 60 ${endsAt}`]);
  });

  it("moves earnings into stake when they are worth it", async () => {
    offers.add(config, EXECUTABLE);
    chain.servingNow = { ...serving, earned: 99n };
    assert.equal(await offers.maintain(HEAD), false);
    chain.servingNow = { ...serving, earned: 100n };
    assert.equal(await offers.maintain(HEAD), true);
    assert.deepEqual(sender.sent, [`claim ${VERSION}`]);
  });

  it("takes a version in quarantine off the chain, and never offers it again", async () => {
    offers.add(config, EXECUTABLE);
    offers.quarantine(VERSION, "why");
    assert.deepEqual([offers.versions(), offers.offer(VERSION)], [[], undefined]);
    assert.throws(() => offers.executable(VERSION), new Error(`Version ${VERSION} is not offered.`));
    chain.servingNow = { ...serving, used: 10n };
    await offers.maintain(HEAD);
    assert.deepEqual(sender.sent, [`unserve ${VERSION}`]);
    chain.servingNow = { ...serving, weight: 0n, maxLock: 10n, used: 10n };
    assert.equal(await offers.maintain(HEAD), false);

    const next = new Offers(chain, journal, sender.asSender(), SETTINGS, LOG);
    next.add(config, EXECUTABLE);
    assert.deepEqual(next.versions(), []);
    assert.deepEqual(journal.quarantined(), new Map([[VERSION, "why"]]));
  });

  it("goes on when something cannot be sent, so that no job waits for it", async () => {
    const second = id("second") as `0x${string}`;
    offers.add(config, EXECUTABLE);
    offers.add({ ...config, id: second }, { ...EXECUTABLE, versionId: second });
    chain.servingNow = { ...serving, endsAt: 0, earned: 100n };
    sender.before = ({ subject }) => {
      if (subject.startsWith(VERSION)) throw new Error("refused");
    };
    assert.equal(await offers.maintain(HEAD), true);
    assert.deepEqual(sender.sent, [`serve ${second} 1000 50 ${endsAt}`, `claim ${second}`]);
    sender.before = () => {
      throw new Error("refused");
    };
    assert.equal(await offers.maintain(HEAD), false);
  });
});

describe("Upkeep", () => {
  it("counts what was sent although something after it has failed, and nothing that was refused", async () => {
    const sender = new FakeSender();
    const upkeep = new Upkeep(sender, LOG);
    const claim = () => upkeep.send("claim", VERSION, { to: "0x", data: "0x01" });
    const fail = () => Promise.reject(new Error("refused"));
    assert.equal(await upkeep.run([() => claim().then(fail)]), true);
    sender.before = () => {
      throw new Error("no coin");
    };
    assert.equal(await upkeep.run([claim, fail]), false);
    assert.deepEqual(sender.sent, ["0x01"]);
  });
});
