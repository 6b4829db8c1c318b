/**
 * A node answers job after job, a watcher checks each answer, and both are weighed at ten points. No part of `npm test`:
 * `npm run campaign -- soak` plays it.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";

import { depositOptimistic, getOptimisticRecord, OptimisticState, type Tensor } from "@opg-protocol/sdk";
import { parseEther, toQuantity } from "ethers";

import { loadSigner } from "../dist/keys/Keystore.js";
import { DaemonProcess } from "./support/daemon.ts";
import { eventually, freePort, TestNetwork, type TestNode } from "./support/network.ts";
import { identityModel } from "./support/onnx.ts";
import { orderAlone, publishRefereed, servingAlone } from "./support/refereed.ts";
import type { Weight } from "./support/weigh.ts";

const JOBS = Number(process.env.JOBS ?? 300);
const POINTS = 10;
/** Jobs that are open at the same time, at most. */
const BATCH = 200;
/** Chain seconds in which an answer can be disputed, the shortest that there is. */
const WINDOW = 30;
const [DTYPE, SHAPE] = [2, [1, 8, 4, 4]];
const STAKE = parseEther("20000");
const BONDS = parseEther("3000");
/** What a chain process remembers of what is long over: with all of it, it would be the first to run out of memory. */
const FORGETTING = ["--prune-history", "128", "--transaction-block-keeper", "128"];
const LIMITS = { gasPerDay: "1000", runs: BATCH };
/** The points, counted from 0, against which handles and timers are compared, and memory: before them caches fill. */
const [WARM, FULL] = [1, 3];
/** Up to the last point; an engine that has made room for objects does not give it back. */
const MOST_GROWTH = { heapMiB: 1.25, rssMiB: 1.5 };
/** Handles and timers that may be open at one point and not at another. */
const SLACK = 5;

/** An input as no other job has it. */
function numbered(number: number): Tensor {
  const data = new Uint8Array(SHAPE.reduce((product, size) => product * size, 1));
  new DataView(data.buffer).setUint32(0, number);
  return { dtype: DTYPE, shape: SHAPE, data };
}

/** A daemon that says what it holds. */
class Weighed {
  readonly daemon: DaemonProcess;
  readonly node: TestNode;
  readonly weights: Weight[] = [];
  #port = 0;

  constructor(node: TestNode, command?: string) {
    this.node = node;
    this.daemon = new DaemonProcess(node, command);
  }

  async start(): Promise<void> {
    this.#port = await freePort();
    this.daemon.preload("weigh.ts", { WEIGH_PORT: String(this.#port) });
    this.daemon.start();
  }

  async weigh(): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#port}`);
    this.weights.push((await response.json()) as Weight);
  }

  of(what: keyof Weight): number[] {
    return this.weights.map((weight) => weight[what]);
  }
}

describe("A node that answers, and a watcher that checks", () => {
  let network: TestNetwork;
  let versionId: string;
  let node: Weighed;
  let watcher: Weighed;

  before(async () => {
    network = await TestNetwork.start(0, FORGETTING);
    const file = identityModel(DTYPE, SHAPE);
    versionId = await publishRefereed(network, { slug: "small", file, shape: SHAPE });
    await depositOptimistic(network.client, { amount: BigInt(JOBS) * parseEther("1") });
    const alone = { maxLock: "10000", floorPrice: "0.5", audits: false };
    const versions = [{ id: versionId, maxLock: "5000", alone }];
    node = new Weighed(await network.addNode(1, { versions, limits: LIMITS }, STAKE));
    watcher = new Weighed(await network.addWatcher(BONDS, { limits: LIMITS }), "watch");
    const { folder } = node.node;
    const { address } = await loadSigner(join(folder, "signer.json"), join(folder, "signer.password"));
    await network.provider.send("anvil_setBalance", [address, toQuantity(parseEther("1000"))]);
    for (const weighed of [node, watcher]) await weighed.start();
    for (const { daemon } of [node, watcher]) await daemon.ready();
    await servingAlone(network, versionId, [node.node]);
    network.run();
  });

  after(async () => {
    await Promise.all([node, watcher].map(({ daemon }) => daemon.kill()));
    await network.stop();
  });

  /** Orders jobs, and waits until they are answered and settled. */
  async function play(first: number, count: number): Promise<void> {
    const terms = { node: node.node.node, windowPeriod: WINDOW };
    const numbers = Array.from({ length: count }, (_, i) => first + i);
    const jobs = await Promise.all(
      numbers.map((number) =>
        orderAlone(network, versionId, number, { ...terms, input: { tensors: [numbered(number)] } }),
      ),
    );
    for (const { jobId } of jobs) {
      const record = () => getOptimisticRecord(network.client, { jobId });
      await eventually(`job ${jobId} is over`, async () => (await record()).state >= OptimisticState.Answered);
      assert.equal((await record()).state, OptimisticState.Answered);
    }
  }

  /** Statements that the watcher was done with when it had to stop. */
  function checked(): number {
    const journal = new DatabaseSync(join(watcher.node.folder, "journal.sqlite"));
    const row = journal.prepare("SELECT COUNT(*) AS count FROM tasks WHERE kind = 'statement' AND closed > 0").get();
    journal.close();
    return Number(row?.count);
  }

  it(`hold after ${JOBS} jobs what they held after the first of them`, async (t) => {
    const begun = performance.now();
    for (let point = 1, played = 0; point <= POINTS; point += 1) {
      const goal = Math.floor((point * JOBS) / POINTS);
      for (let count; played < goal; played += count) {
        count = Math.min(BATCH, goal - played);
        await play(played, count);
      }
      for (const weighed of [node, watcher]) await weighed.weigh();
      const [ofNode, ofWatcher] = [node, watcher].map(({ weights }) => JSON.stringify(weights.at(-1)));
      t.diagnostic(`${played} jobs: node ${ofNode}, watcher ${ofWatcher}`);
    }
    const seconds = Math.round((performance.now() - begun) / 1_000);
    const figuresOf = (weighed: Weighed) => ({
      rssMiB: weighed.of("rssMiB"),
      heapMiB: weighed.of("heapMiB"),
      handles: weighed.of("handles"),
      timers: weighed.of("timers"),
    });
    t.diagnostic(JSON.stringify({ jobs: JOBS, seconds, ...figuresOf(node), watcher: figuresOf(watcher) }));

    for (const weighed of [node, watcher]) {
      for (const what of ["handles", "timers"] as const) {
        const [then = 0, now = 0] = [WARM, -1].map((point) => weighed.of(what).at(point));
        assert.ok(now <= then + SLACK, `${what}: ${weighed.of(what).join(", ")}`);
      }
      for (const what of ["heapMiB", "rssMiB"] as const) {
        const [then = 0, now = 0] = [FULL, -1].map((point) => weighed.of(what).at(point));
        assert.ok(now <= MOST_GROWTH[what] * then, `${what}: ${weighed.of(what).join(", ")}`);
      }
    }
    await network.pause();
    for (const { daemon } of [node, watcher]) assert.equal(await daemon.stop(), 0);
    assert.equal(checked(), JOBS);
  });
});
