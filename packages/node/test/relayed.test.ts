import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";

import { findEvents, getSeats, JobState, roundIdOf, signSeal, waitForResult } from "@opg-protocol/sdk";
import { id, toBeHex, Wallet } from "ethers";

import { DaemonProcess } from "./support/daemon.ts";
import { TestNetwork, type TestNode } from "./support/network.ts";

/** Seconds of a sealing step: enough that a relayer's turn and a node's own turn are blocks apart. */
const SEAL_PERIOD = 10;

describe("Three daemons with a relayer on a real chain", () => {
  let network: TestNetwork;
  let relayer: TestNode;
  let relay: DaemonProcess;
  let nodes: TestNode[];
  let daemons: DaemonProcess[];

  before(async () => {
    network = await TestNetwork.start();
    relayer = await network.addWatcher(0n);
    const relays = [relayer.url];
    nodes = [];
    for (const index of [1, 2, 3]) nodes.push(await network.addNode(index, { relays }));
    relay = new DaemonProcess(relayer, "relay");
    daemons = nodes.map((node) => new DaemonProcess(node));
    for (const daemon of [relay, ...daemons]) daemon.start();
    await Promise.all([relay, ...daemons].map((daemon) => daemon.ready()));
    await network.serving(nodes);
    network.run();
  });

  after(async () => {
    await Promise.all([relay, ...daemons].map((daemon) => daemon.kill()));
    await network.stop();
  });

  /** Who has called what to seal and to reveal in a job, each transaction once. */
  async function sendersOf(
    { packed }: Awaited<ReturnType<TestNetwork["order"]>>,
    name: "ResultSealed" | "ResultRevealed",
  ): Promise<string[]> {
    const { client, provider } = network;
    const events = await findEvents(client, "commitments", name, [roundIdOf(client, packed, 0)], 0);
    const hashes = [...new Set(events.map(({ transactionHash }) => transactionHash))];
    return Promise.all(hashes.map(async (hash) => (await provider.getTransaction(hash))?.from ?? ""));
  }

  const post = async (kind: string, message: unknown): Promise<number> => {
    const response = await fetch(`${relayer.url}/v1/${kind}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    });
    return response.status;
  };

  it("leave seals and reveals to it, and are paid: three transactions end a job", async () => {
    const job = await network.order({ quorum: 3, sealPeriod: SEAL_PERIOD });
    const { state } = await waitForResult(network.client, { jobId: job.jobId, pollingInterval: 100 });
    assert.equal(state, JobState.Agreed);
    assert.equal((await getSeats(network.client, { job: job.packed }))[0]?.length, 3);
    assert.deepEqual(await sendersOf(job, "ResultSealed"), [relayer.node]);
    assert.deepEqual(await sendersOf(job, "ResultRevealed"), [relayer.node]);
  });

  it("refuses what no node has signed, and what the market would not take [T175]", async () => {
    const { client } = network;
    const order = await network.order({ quorum: 3, sealPeriod: SEAL_PERIOD });
    const { packed: job } = order;
    const stranger = Wallet.createRandom();
    const [{ node } = { node: "" }] = nodes;
    const roundId = roundIdOf(client, job, 0);
    const forged = await signSeal(client, { signer: stranger, node, roundId, commitment: id("seal") });
    assert.equal(await post("seals", { job, seal: forged }), 401);
    assert.equal(await post("seals", { job, seal: { ...forged, r: toBeHex(0, 32) } }), 401);
    assert.equal(await post("seals", { job: { ...job, inputRoot: id("other") }, seal: forged }), 404);
    const outputRoot = id("output");
    const salt = id("salt");
    assert.equal(await post("reveals", { job, reveal: { node, outputRoot, salt } }), 425);
    for (const message of [undefined, {}, { job, seal: 1 }, { job, seal: forged, more: 1 }]) {
      assert.equal(await post("seals", message), 400);
    }
    assert.equal(await post("seals", { job, seal: forged, padding: "x".repeat(5_000) }), 413);
    await waitForResult(client, { jobId: order.jobId, pollingInterval: 100 });
    assert.equal(await post("reveals", { job, reveal: { node, outputRoot, salt } }), 409);
    assert.equal(await post("seals", { job, seal: forged }), 409);
  });

  it("send their own transactions in time when it takes everything and posts nothing [T173]", async () => {
    await relay.kill();
    const greedy = createServer((_, response) => response.writeHead(202).end());
    greedy.listen(Number(new URL(relayer.url).port), "127.0.0.1");
    await once(greedy, "listening");
    const job = await network.order({ quorum: 3, sealPeriod: SEAL_PERIOD });
    const { state } = await waitForResult(network.client, { jobId: job.jobId, pollingInterval: 100 });
    assert.equal(state, JobState.Agreed);
    assert.equal((await sendersOf(job, "ResultSealed")).length, 3);
    assert.equal((await sendersOf(job, "ResultRevealed")).length, 3);
    greedy.close();
  });
});
