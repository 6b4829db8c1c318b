import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { id, ZeroHash } from "ethers";

import { JobState } from "../src/codecs/job.ts";
import { releasedVersion } from "../src/entities/releasedVersion.ts";
import { settledJob } from "../src/entities/settledJob.ts";
import { EventMissingError } from "../src/errors/faults.ts";
import { eventIn, parseLog, readReceipt, topicsOf } from "../src/events.ts";
import { ADDRESSES, addressOf, logOf, receiptOf } from "./support.ts";

const ACCOUNT = addressOf("account");
const DEPOSITED = logOf("market", "Deposited", [ACCOUNT, 5n]);

describe("parseLog", () => {
  it("gives contract, name, values and position", () => {
    assert.deepEqual(parseLog(ADDRESSES, DEPOSITED), {
      contract: "market",
      name: "Deposited",
      args: { account: ACCOUNT, amount: 5n },
      blockNumber: 7,
      blockHash: id("block 7"),
      transactionHash: id("transaction"),
      logIndex: 3,
    });
  });

  it("does not care how an address is written", () => {
    assert.equal(parseLog(ADDRESSES, { ...DEPOSITED, address: DEPOSITED.address.toLowerCase() })?.name, "Deposited");
  });

  it("ignores look-alikes of other contracts", () => {
    assert.equal(parseLog(ADDRESSES, { ...DEPOSITED, address: ACCOUNT }), undefined);
    assert.equal(parseLog(ADDRESSES, { ...DEPOSITED, address: ADDRESSES.token }), undefined);
  });

  it("gives structs and lists as plain objects", () => {
    const spec = { name: "image", dtype: 2, shape: [1, 8] };
    const identity = [id("artifact"), 9n, "onnx", [Object.values(spec)], [], ZeroHash, ZeroHash];
    const release = [1, 2, id("in"), id("out"), "MIT", ["ipfs://a"], "ipfs://m", id("meta")];
    const event = parseLog(ADDRESSES, logOf("registry", "VersionReleased", [id("v"), id("m"), identity, release]));
    assert.ok(event?.name === "VersionReleased");
    assert.deepEqual(releasedVersion(event), {
      versionId: id("v"),
      modelId: id("m"),
      identity: {
        artifactDigest: id("artifact"),
        artifactSize: 9n,
        format: "onnx",
        inputs: [spec],
        outputs: [],
        profile: ZeroHash,
        graphRoot: ZeroHash,
      },
      release: {
        major: 1,
        minor: 2,
        goldenInputRoot: id("in"),
        goldenOutputRoot: id("out"),
        licence: "MIT",
        uris: ["ipfs://a"],
        metadataURI: "ipfs://m",
        metadataHash: id("meta"),
      },
    });
  });
});

describe("settledJob", () => {
  it("has no root where the job has no result", () => {
    const args = [id("job"), JobState.Unanswered, ZeroHash, 9n, 0n, 0n, 0n, 0n];
    const event = parseLog(ADDRESSES, logOf("market", "JobSettled", args));
    assert.ok(event?.name === "JobSettled");
    assert.equal(settledJob(event).outputRoot, undefined);
    assert.equal(settledJob(event).state, JobState.Unanswered);
  });
});

describe("readReceipt", () => {
  const mined = readReceipt(ADDRESSES, receiptOf([{ ...DEPOSITED, address: ACCOUNT }, DEPOSITED]));

  it("gives the protocol's events of a transaction", () => {
    assert.deepEqual(
      mined.events.map(({ name }) => name),
      ["Deposited"],
    );
    assert.deepEqual([mined.transactionHash, mined.blockNumber, mined.gasUsed], [id("transaction"), 7, 21_000n]);
  });

  it("finds an event by its name, or says which one is missing", () => {
    assert.equal(eventIn(mined, "Deposited").args.amount, 5n);
    assert.throws(() => eventIn(mined, "Withdrawn"), EventMissingError);
  });
});

describe("topicsOf", () => {
  it("gives the first topic of each name, and both where two contracts differ", () => {
    assert.deepEqual(topicsOf(["Deposited"]), [DEPOSITED.topics[0]]);
    const transfers = new Set(topicsOf(["Transfer"]));
    assert.ok(transfers.has(id("Transfer(address,address,uint256)")));
  });
});
