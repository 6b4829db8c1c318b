import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";

import { id } from "ethers";

import type { Findings, Head, Interest } from "../dist/chain/Chain.js";
import { BlockMissingError, readFindings } from "../dist/chain/findings.js";
import { journaled } from "../dist/follow/Follower.js";
import { SecondReading } from "../dist/follow/SecondReading.js";
import { Journal, type JournalTask } from "../dist/journal/Journal.js";
import { createLogger } from "../dist/log.js";
import { temporaryFolder } from "./support/folder.ts";
import { knownJob } from "./support/knownJob.ts";

const LOG = createLogger("silent", false);
const NODE = `0x${"0d".repeat(20)}`;
const INTEREST: Interest = {
  versions: new Set(),
  offers: new Set(),
  node: NODE,
  account: undefined,
  statements: false,
};
const START = 100;
const RANGE = 40;
const { signal } = new AbortController();

const hashOf = (number: number): string => id(`block ${number}`);
const headAt = (number: number): Head => ({ number, hash: hashOf(number), timestamp: number });
const gameAt = (name: string, blockNumber: number): JournalTask => ({
  id: id(name),
  kind: "game",
  data: "{}",
  blockNumber,
});

describe("The second reading of a chain", () => {
  const folder = temporaryFolder();
  let path: string;
  let journal: Journal;
  let reading: SecondReading;
  /** Ranges that the second provider was asked for. */
  let asked: (readonly [number, number])[];
  let told: Findings[];
  /** What the second provider knows. */
  let found: Pick<Findings, "jobs" | "tasks">;
  let theirHash: (number: number) => string | undefined;
  let answer: () => Promise<void>;

  beforeEach(() => {
    path = join(folder, randomUUID());
    [asked, told, found, theirHash] = [[], [], { jobs: [], tasks: [] }, hashOf];
    answer = () => Promise.resolve();
    open();
  });
  afterEach(() => {
    journal.close();
  });

  function open(): void {
    journal = Journal.open(path, { chainId: 1n, market: "market", node: NODE });
    const witness = {
      blockHash: (number: number) => Promise.resolve(theirHash(number)),
      findings: async (from: number, to: number) => {
        asked.push([from, to]);
        await answer();
        const isIn = ({ blockNumber }: { blockNumber: number }) => blockNumber >= from && blockNumber <= to;
        return { jobs: found.jobs.filter(isIn), tasks: found.tasks.filter(isIn), touched: new Set([id("touched")]) };
      },
    };
    const chain = { blockHash: (number: number) => Promise.resolve(hashOf(number)) };
    reading = new SecondReading({ chain, witness, journal, log: LOG }, INTEREST, RANGE);
  }

  /** The first provider has been read up to a block. */
  async function readAt(number: number): Promise<void> {
    reading.begin(START);
    journal.advance(headAt(number), []);
    await reading.read(headAt(number), signal, (findings) => told.push(findings));
  }

  it("goes over each block once, sixteen and more at a time, eight blocks behind", async () => {
    for (let number = START; number <= START + 60; number += 1) await readAt(number);
    assert.deepEqual(asked, [
      [100, 115],
      [116, 131],
      [132, 147],
    ]);
  });

  it("asks for no more blocks at once than its provider gives", async () => {
    await readAt(START + 100);
    assert.deepEqual(asked, [
      [100, 139],
      [140, 179],
    ]);
  });

  it("notes and tells what the first has left out, and nothing twice [T132 D06]", async () => {
    const [known, over, missed] = [knownJob({ nonce: 1n }), knownJob({ nonce: 2n }), knownJob({ nonce: 3n })].map(
      (job, i) => ({ ...job, jobId: id(`job ${i}`), blockNumber: START + i }),
    );
    assert.ok(known && over && missed);
    const [game, lost] = [gameAt("known", START + 4), gameAt("left out", START + 5)];
    journal.advance(headAt(START + 5), [known, over].map(journaled), [game]);
    journal.closeJob(over.jobId, START + 5);
    found = { jobs: [known, over, missed], tasks: [game, lost] };
    reading.begin(START);
    await readAt(START + 40);
    assert.deepEqual(told, [{ jobs: [missed], tasks: [lost], touched: new Set([id("touched")]) }]);
    assert.deepEqual(
      [...journal.openJobs()].map(({ jobId }) => jobId),
      [known.jobId, missed.jobId],
    );
    assert.deepEqual(journal.openTasks(), [game, lost]);
    // The chain takes back what it was in, as if the first had told of it.
    journal.rewind(START);
    assert.deepEqual([[...journal.openJobs()].map(({ jobId }) => jobId), journal.openTasks()], [[known.jobId], []]);
  });

  it("goes over blocks again that an earlier process may have read but once", async () => {
    await readAt(START + 30);
    journal.close();
    open();
    await readAt(START + 60);
    assert.deepEqual(asked, [
      [100, 122],
      [107, 146],
    ]);
  });

  it("goes over what stands after a reorganisation", async () => {
    await readAt(START + 30);
    journal.advance(headAt(START + 5), []);
    journal.rewind(START + 5);
    reading.rewind(START);
    await readAt(START + 31);
    assert.deepEqual(asked, [
      [100, 122],
      [106, 123],
    ]);
  });

  it("takes nothing that it read while the chain was reorganised", async () => {
    found = { jobs: [], tasks: [gameAt("gone", START + 3)] };
    answer = () => {
      answer = () => Promise.resolve();
      found = { jobs: [], tasks: [] };
      journal.rewind(START - 1);
      reading.rewind(START);
      return Promise.resolve();
    };
    await readAt(START + 30);
    assert.deepEqual([told.flatMap(({ tasks }) => tasks), journal.openTasks()], [[], []]);
    assert.equal(asked.length, 2);
  });

  it("believes neither while they know different blocks [D06]", async () => {
    found = { jobs: [], tasks: [gameAt("another chain's", START + 3)] };
    theirHash = () => id("another block");
    await readAt(START + 30);
    theirHash = () => undefined;
    await readAt(START + 31);
    assert.deepEqual([told, journal.openTasks()], [[], []]);
    theirHash = hashOf;
    await readAt(START + 32);
    assert.deepEqual(journal.openTasks(), found.tasks);
  });

  it("tries again what fails, and does not wait for what is slow", async () => {
    answer = () => Promise.reject(new Error("out of service"));
    await readAt(START + 30);
    let release: () => void = () => undefined;
    answer = () => new Promise((resolve) => (release = resolve));
    const slow = readAt(START + 31);
    const another = readAt(START + 32);
    assert.equal(asked.length, 2);
    release();
    await Promise.all([slow, another]);
    assert.deepEqual(asked.at(-1), [100, 123]);
    assert.equal(told.length, 1);
  });
});

describe("Logs", () => {
  const provider = (block: object | null) => ({
    getLogs: () => Promise.resolve([]),
    getBlock: () => Promise.resolve(block),
  });
  const read = (block: object | null) => {
    const addresses = {} as Parameters<typeof readFindings>[1];
    return readFindings(provider(block) as unknown as Parameters<typeof readFindings>[0], addresses, 1, 7, INTEREST);
  };

  it("are none only of blocks that their provider has [T132]", async () => {
    await assert.rejects(read(null), new BlockMissingError(7));
    assert.deepEqual(await read({}), { jobs: [], tasks: [], touched: new Set() });
  });
});
