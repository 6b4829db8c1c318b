/**
 * Daemons play jobs through providers that fail and lie. No part of `npm test`, for what a provider delays takes its time on a
 * busy machine, too, and clocks run out: `npm run campaign -- providers` plays it.
 */
import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";

import {
  getClosing,
  getJob,
  isFinalState,
  type OfferedJob,
  OptimisticState,
  type RequestedJob,
} from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { Random } from "../../../test/model/Random.ts";
import { DaemonProcess } from "./support/daemon.ts";
import { HostileRpc } from "./support/HostileRpc.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";
import { answersAlone, orderAlone, publishRefereed, servingAlone, trueRoot } from "./support/refereed.ts";
import { assertAgreed, assertSealedOnce } from "./support/sealers.ts";

const JOBS = Number(process.env.JOBS ?? 5);
const SEED = Number(process.env.SEED ?? 1);
/** As many as a job needs: it comes to nothing without each of them. */
const NODES = 2;
const STAKE = parseEther("20000");
/** A chain's second in milliseconds: a reveal has ten, and what fails is tried again after two real ones. */
const SECOND = 1_000;
/** Five steps of it are longer than the second provider's blocks stay behind the head. */
const SEALING = { sealPeriod: 10, quorum: NODES };
const WINDOW = 30;
/** Blocks between orders. */
const PAUSE = 3;

describe("Daemons whose providers fail and lie", () => {
  let network: TestNetwork;
  let alone: string;
  const proxies: HostileRpc[] = [];
  const nodes: TestNode[] = [];
  const daemons: DaemonProcess[] = [];

  before(async () => {
    network = await TestNetwork.start();
    alone = await publishRefereed(network);
    const { versions } = answersAlone(alone);
    for (let i = 1; i <= NODES; i += 1) {
      const proxy = await new HostileRpc(network.url, new Random(SEED + i)).listen();
      const chain = { rpcUrl: proxy.url, witnessUrl: network.url, confirmations: 1, pollingInterval: 50 };
      const node = await network.addNode(i, { chain, versions: [{ id: network.versionId }, ...versions] }, STAKE);
      proxies.push(proxy);
      nodes.push(node);
      daemons.push(new DaemonProcess(node));
    }
    for (const daemon of daemons) daemon.start();
    for (const daemon of daemons) await daemon.ready();
    await network.serving(nodes);
    await servingAlone(network, alone, nodes);
    network.run(SECOND);
  });

  after(async () => {
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    for (const proxy of proxies) proxy.close();
    await network.stop();
  });

  const counts = () => {
    const sum: Record<string, number> = {};
    for (const proxy of proxies) {
      for (const [kind, count] of Object.entries(proxy.counts)) sum[kind] = (sum[kind] ?? 0) + count;
    }
    return sum;
  };
  const isMissing = () => Object.values(counts()).includes(0);

  /** A job that all nodes answer. */
  async function playDrawn(): Promise<void> {
    const order: RequestedJob = await network.order(SEALING);
    const { jobId } = order;
    await eventually(`job ${jobId} is final`, async () =>
      isFinalState((await getJob(network.client, { jobId })).record.state),
    );
    await assertAgreed(network, order);
  }

  /** A job that one of them answers. */
  async function playAlone(seed: number): Promise<void> {
    const { node } = nodes[seed % NODES] ?? assert.fail();
    const { jobId }: OfferedJob = await orderAlone(network, alone, seed, { node, windowPeriod: WINDOW });
    await eventually(`job ${jobId} is closed`, async () => (await getClosing(network.client, { jobId })) !== undefined);
    const closing = await getClosing(network.client, { jobId });
    assert.deepEqual([closing?.state, closing?.outputRoot], [OptimisticState.Answered, trueRoot(seed)]);
  }

  it(`answer all of ${JOBS} jobs of each kind, and reveal what they have sealed [D03 D06]`, async (t) => {
    for (const proxy of proxies) proxy.isHostile = true;
    try {
      const playing: Promise<void>[] = [];
      for (let job = 1; job <= JOBS || isMissing(); job += 1) {
        playing.push(playDrawn(), playAlone(job));
        await Promise.race([Promise.all(playing), network.passed(PAUSE)]);
        if (job >= JOBS) await Promise.all(playing);
      }
    } catch (error) {
      const last = daemons.map(({ output }) => output.slice(-4_000)).join("\n\n");
      throw new Error(`SEED=${SEED} ${JSON.stringify(counts())}\n${last}`, { cause: error });
    }
    for (const proxy of proxies) proxy.isHostile = false;
    const codes = await Promise.all(daemons.map((daemon) => daemon.stop()));
    assert.deepEqual(codes, Array(NODES).fill(0), `SEED=${SEED}: somebody had ended by itself`);
    for (const node of nodes) assertSealedOnce(node, `SEED=${SEED}`);
    t.diagnostic(`SEED=${SEED} ${JSON.stringify(counts())}`);
  });
});
