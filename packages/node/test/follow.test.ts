import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import type { Head, Interest } from "../dist/chain/Chain.js";
import { ProtocolChain } from "../dist/chain/ProtocolChain.js";
import { Follower } from "../dist/follow/Follower.js";
import { Journal } from "../dist/journal/Journal.js";
import { createLogger } from "../dist/log.js";
import { Random } from "../../../test/model/Random.ts";
import { temporaryFolder } from "./support/folder.ts";
import { TestNetwork } from "./support/network.ts";

const REORGS = Number(process.env.REORGS ?? 10);
const SEED = Number(process.env.SEED ?? 1);
/** Reorganisations of one chain: a chain process forgets old states, and would not find those that a rollback needs. */
const OF_ONE_CHAIN = 50;
const DEEPEST = 64;
/** Most blocks of one request for logs: a sync takes several. */
const RANGE = 16;
const LOG = createLogger("silent", false);
const NODE = `0x${"0d".repeat(20)}`;
const { signal } = new AbortController();

describe("What a node has read of a chain that is reorganised", () => {
  const folder = temporaryFolder();
  const random = new Random(SEED);
  /** Jobs that are over for the node, and the blocks at which they were. */
  const closings = new Map<string, Head>();
  const opened: Journal[] = [];
  let network: TestNetwork;
  let chain: ProtocolChain;
  let interest: Interest;
  let start: number;

  before(begin);
  after(end);

  async function begin(): Promise<void> {
    network = await TestNetwork.start();
    chain = new ProtocolChain(network.client, NODE);
    const versions = new Set([network.versionId]);
    interest = { versions, offers: new Set(), node: NODE, account: undefined, statements: false };
    start = await network.provider.getBlockNumber();
    await mine(DEEPEST);
  }

  async function end(): Promise<void> {
    for (const journal of opened.splice(0)) journal.close();
    closings.clear();
    await network.stop();
  }

  function open(): Journal {
    const owner = { chainId: network.client.chainId, market: "market", node: NODE };
    const journal = Journal.open(join(folder, `${randomUUID()}.sqlite`), owner);
    opened.push(journal);
    return journal;
  }

  async function read(journal: Journal): Promise<Journal> {
    const follower = new Follower(chain, journal, interest, RANGE, LOG);
    const news = follower.catchUp(await chain.head(), start, signal);
    while ((await news.next()).done !== true);
    return journal;
  }

  /** Makes some blocks, of which some have orders. */
  async function mine(blocks: number): Promise<void> {
    for (let left = blocks; left > 0;) {
      const ordered = random.chance(0.3);
      const count = ordered ? 1 : random.between(1, Math.min(left, RANGE));
      if (ordered) await network.order({ sealPeriod: random.between(2, 10) });
      else await network.provider.send("anvil_mine", [count, random.between(1, 9)]);
      left -= count;
    }
  }

  /** Some of the jobs that are open are over now. */
  async function close(journal: Journal): Promise<void> {
    const head = await chain.head();
    for (const { jobId } of [...journal.openJobs()]) {
      if (!random.chance(0.3)) continue;
      journal.closeJob(jobId, head.number);
      closings.set(jobId, head);
    }
  }

  it(`is what a fresh sync of the new chain gives, ${REORGS} times [T131 D05]`, async (t) => {
    t.diagnostic(`SEED=${SEED}`);
    let journal = open();
    for (let i = 1; i <= REORGS; i += 1) {
      if (i > 1 && i % OF_ONE_CHAIN === 1) {
        await end();
        await begin();
        journal = open();
      }
      await mine(random.between(0, 8));
      await read(journal);
      await close(journal);

      const { number } = await chain.head();
      const depth = random.between(1, Math.min(DEEPEST, number - start));
      await network.rollBack(depth);
      await mine(random.between(1, 2 * depth));
      for (const [jobId, { number, hash }] of closings) {
        if ((await chain.blockHash(number)) !== hash) closings.delete(jobId);
      }

      const what = `SEED=${SEED}: reorganisation ${i}, ${depth} blocks deep`;
      const fresh = await read(open());
      await read(journal);
      assert.deepEqual(
        [...journal.openJobs()],
        [...fresh.openJobs()].filter(({ jobId }) => !closings.has(jobId)),
        what,
      );
      assert.deepEqual(journal.openTasks(), fresh.openTasks(), what);
      assert.deepEqual(journal.checkpoints()[0], fresh.checkpoints()[0], what);
      const remembered = journal.checkpoints();
      const standing = await Promise.all(remembered.map(({ number }) => chain.blockHash(number)));
      assert.deepEqual(
        remembered.map(({ hash }) => hash),
        standing,
        what,
      );
    }
  });
});
