import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";

import {
  findEvents,
  getAuditorWeights,
  getClosing,
  getOptimisticServing,
  optimisticRoundIdOf,
  OptimisticState,
  type PackedOptimisticJob,
} from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";
import { answersAlone, orderAlone, publishRefereed, servingAlone, trueRoot } from "./support/refereed.ts";

const STAKE = parseEther("20000");
const PRICE = parseEther("1");
const WINDOW = 30;
/** A chain's second in milliseconds: a step of three seconds leaves a loaded machine time enough. */
const PERIOD = 300;

describe("Nodes of which one audits what the other answers", () => {
  let network: TestNetwork;
  let versionId: string;
  let answering: TestNode;
  let auditing: TestNode;
  let daemons: readonly DaemonProcess[];

  before(async () => {
    network = await TestNetwork.start();
    versionId = await publishRefereed(network);
    answering = await network.addNode(1, answersAlone(versionId), STAKE);
    auditing = await network.addNode(2, answersAlone(versionId, { audits: true }), STAKE);
    daemons = [answering, auditing].map((node) => new DaemonProcess(node));
    for (const daemon of daemons) daemon.start();
    for (const daemon of daemons) await daemon.ready();
    await eventually("one has enrolled", async () => {
      await network.provider.send("evm_mine", []);
      return (await weightOf(auditing)) > 0n;
    });
    await servingAlone(network, versionId, [answering, auditing]);
    network.run(PERIOD);
  });

  after(async () => {
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    await network.stop();
  });

  async function weightOf({ node }: TestNode): Promise<bigint> {
    const time = (await network.provider.getBlock("latest"))?.timestamp ?? 0;
    return (await getAuditorWeights(network.client, { node, versionId, time })).weight;
  }

  const order = (seed: number, node: TestNode, auditBps: number) =>
    orderAlone(network, versionId, seed, { node: node.node, windowPeriod: WINDOW, auditBps });
  const sealsOf = async (packed: PackedOptimisticJob) => {
    const round = optimisticRoundIdOf(network.client, packed, 0);
    const seals = await findEvents(network.client, "commitments", "ResultSealed", [round], 0);
    return seals.map(({ args }) => args.node);
  };
  const closed = (jobId: string) =>
    eventually("it is closed", async () => (await getClosing(network.client, { jobId })) !== undefined);
  const earnings = () =>
    Promise.all(
      [answering, auditing].map(
        async ({ node }) => (await getOptimisticServing(network.client, { node, versionId })).earned,
      ),
    );

  it("lets itself be drawn only where it is told to", async () => {
    assert.equal(await weightOf(answering), 0n);
    assert.equal(await weightOf(auditing), STAKE);
  });

  it("seals an answer, audits it, reveals both, and pays both", async () => {
    const before = await earnings();
    const { jobId, packed } = await order(1, answering, 10_000);
    await closed(jobId);
    assert.deepEqual(await sealsOf(packed), [answering.node, auditing.node]);
    const closing = await getClosing(network.client, { jobId });
    assert.deepEqual([closing?.state, closing?.outputRoot], [OptimisticState.Answered, trueRoot(1)]);
    assert.deepEqual(
      (await earnings()).map((earned, i) => earned - (before[i] ?? 0n)),
      [PRICE, PRICE],
    );
  });

  it("answers without an audit where nobody else is enrolled", async () => {
    const { jobId, packed } = await order(2, auditing, 10_000);
    await closed(jobId);
    assert.deepEqual(await sealsOf(packed), [auditing.node]);
    assert.equal((await getClosing(network.client, { jobId }))?.outputRoot, trueRoot(2));
  });

  it("reveals after a kill what it had sealed, as a node and as an auditor", async () => {
    const { jobId, packed } = await order(3, answering, 10_000);
    await eventually("both have sealed", async () => (await sealsOf(packed)).length === 2);
    await network.pause();
    for (const daemon of daemons) await daemon.kill();
    for (const daemon of daemons) daemon.start();
    for (const daemon of daemons) await daemon.ready();
    network.run(PERIOD);
    await closed(jobId);
    const closing = await getClosing(network.client, { jobId });
    assert.deepEqual([closing?.state, closing?.outputRoot], [OptimisticState.Answered, trueRoot(3)]);
    for (const { node } of [answering, auditing]) {
      assert.equal((await network.client.staking.ownStakeOf(node)).bonded, STAKE);
    }
  });
});
