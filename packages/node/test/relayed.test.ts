import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";

import {
  commitSigned,
  type EventName,
  findEvents,
  getPack,
  getRound,
  getSeats,
  JobState,
  roundIdOf,
  type SignedSeal,
  signSeal,
  waitForResult,
} from "@opg-protocol/sdk";
import { id, toBeHex, Wallet } from "ethers";

import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";

/** Seconds of a sealing step: enough that a relayer's turn and a node's own turn are blocks apart. */
const SEAL_PERIOD = 10;
/** Milliseconds of a block where something must be done between the relayer's turn and the end of the step. */
const SLOW = 1_000;

type Order = Awaited<ReturnType<TestNetwork["order"]>>;

describe("Three daemons with a relayer on a real chain", () => {
  let network: TestNetwork;
  let relayer: TestNode;
  let relay: DaemonProcess;
  let nodes: TestNode[];
  let daemons: DaemonProcess[];
  const impostors: Server[] = [];

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
    impostors.forEach((server) => server.close());
    await Promise.all([relay, ...daemons].map((daemon) => daemon.kill()));
    await network.stop();
  });

  /** Who has sent the transactions in which this happened in the first draw of a job, each once. */
  async function sendersOf(
    { packed }: Order,
    name: Extract<EventName, "ResultSealed" | "ResultRevealed" | "RoundUnpacked">,
  ): Promise<string[]> {
    const { client } = network;
    const events = await findEvents(client, "commitments", name, [roundIdOf(client, packed, 0)], 0);
    return fromOf(events);
  }

  async function fromOf(events: readonly { readonly transactionHash: string }[]): Promise<string[]> {
    const hashes = [...new Set(events.map(({ transactionHash }) => transactionHash))];
    return Promise.all(hashes.map(async (hash) => (await network.provider.getTransaction(hash))?.from ?? ""));
  }

  async function ended({ jobId }: Order): Promise<JobState> {
    return (await waitForResult(network.client, { jobId, pollingInterval: 100 })).state;
  }

  /** What each seat of the first draw states, ascending by address. */
  async function statedIn({ packed: job }: Order): Promise<readonly (string | undefined)[]> {
    const [seats = []] = await getSeats(network.client, { job });
    return seats.map(({ outputRoot }) => outputRoot);
  }

  async function isPacked({ packed: job }: Order): Promise<boolean> {
    return (await getRound(network.client, { job, attempt: 0 })).round.isPacked;
  }

  const slashed = () => findEvents(network.client, "staking", "NodeSlashed", [], 0);

  const post = async (kind: string, message: unknown): Promise<number> => {
    const response = await fetch(`${relayer.url}/v1/${kind}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    });
    return response.status;
  };

  it("leave seals and reveals to it, and are paid: three transactions end a job, and nothing is unpacked", async () => {
    const job = await network.order({ quorum: 3, sealPeriod: SEAL_PERIOD });
    assert.equal(await ended(job), JobState.Agreed);
    const stated = await statedIn(job);
    assert.deepEqual([stated.length, new Set(stated).size, stated.includes(undefined)], [3, 1, false]);
    assert.deepEqual(await sendersOf(job, "ResultSealed"), [relayer.node]);
    assert.deepEqual(await sendersOf(job, "ResultRevealed"), []);
    assert.deepEqual(await sendersOf(job, "RoundUnpacked"), []);
    const settled = await findEvents(network.client, "market", "JobSettled", [job.jobId], 0);
    assert.deepEqual(await fromOf(settled), [relayer.node]);
    for (const daemon of daemons) {
      assert.doesNotMatch(
        daemon.output,
        /"kind":"(commit|unpack|unpack to reveal|reveal|settle|expire)"|"level":[56]0/,
      );
    }
  });

  it("are not packed where an audit may follow", async () => {
    const job = await network.order({ quorum: 3, sealPeriod: SEAL_PERIOD, auditBps: 5_000 });
    await eventually("all have sealed", async () => (await statedIn(job)).length === 3);
    assert.deepEqual(await sendersOf(job, "ResultSealed"), [relayer.node]);
    assert.equal(await getPack(network.client, { job: job.packed }), undefined);
  });

  it("join those whose seals are packed already, though they come late [T178]", async () => {
    const late = daemons[2];
    assert.ok(late !== undefined);
    await late.kill();
    await network.pause();
    network.run(SLOW);
    const job = await network.order({ quorum: 2, sealPeriod: SEAL_PERIOD });
    await eventually("two are packed", () => isPacked(job));
    await network.pause();
    late.start();
    await late.ready();
    network.run(SLOW);
    assert.equal(await ended(job), JobState.Agreed);
    const stated = await statedIn(job);
    assert.deepEqual([stated.length, new Set(stated).size, stated.includes(undefined)], [3, 1, false]);
    assert.equal((await sendersOf(job, "RoundUnpacked")).length, 1);
    assert.deepEqual(await slashed(), []);
  });

  it("seal again what was packed in blocks that are gone [T131]", async () => {
    await network.pause();
    network.run(SLOW);
    const job = await network.order({ quorum: 3, sealPeriod: SEAL_PERIOD });
    await eventually("all are packed", () => isPacked(job));
    await network.pause();
    const { client, provider } = network;
    const [opened] = await findEvents(client, "commitments", "RoundOpened", [roundIdOf(client, job.packed, 0)], 0);
    assert.ok(opened !== undefined);
    await network.reorganise((await provider.getBlockNumber()) - opened.blockNumber + 1);
    assert.equal((await statedIn(job)).length, 0);
    network.run(SLOW);
    assert.equal(await ended(job), JobState.Agreed);
    const stated = await statedIn(job);
    assert.deepEqual([stated.length, new Set(stated).size, stated.includes(undefined)], [3, 1, false]);
    await network.pause();
    network.run();
  });

  it("are paid for what they have revealed though one of those packed with them is silent", async () => {
    const silent = daemons[2];
    assert.ok(silent !== undefined);
    await network.pause();
    network.run(SLOW);
    const job = await network.order({ quorum: 2, sealPeriod: SEAL_PERIOD });
    await eventually("all are packed", () => isPacked(job));
    await silent.kill();
    assert.equal(await ended(job), JobState.Agreed);
    const stated = await statedIn(job);
    assert.deepEqual([stated.length, stated.filter((root) => root === undefined).length], [3, 1]);
    assert.equal((await sendersOf(job, "RoundUnpacked")).length, 1);
    assert.deepEqual(
      (await slashed()).map(({ args }) => args.node),
      [nodes[2]?.node],
    );
    silent.start();
    await silent.ready();
    await network.pause();
    network.run();
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

  /** In the relayer's place: takes what nodes hand in, and does with seals what the test wants. */
  async function impostor(take: (seal: SignedSeal) => void): Promise<void> {
    await relay.kill();
    while (impostors.length > 0) impostors.pop()?.close().closeAllConnections();
    const server = createServer((request: IncomingMessage, response) => {
      void json(request).then((message) => {
        if (request.url === "/v1/seals") take((message as { readonly seal: SignedSeal }).seal);
        response.writeHead(202).end();
      });
    });
    impostors.push(server);
    server.listen(Number(new URL(relayer.url).port), "127.0.0.1");
    await once(server, "listening");
  }

  it("unpack, reveal and settle in time when it packs their seals and then is silent [T173 T178]", async () => {
    const before = (await slashed()).length;
    const seals: SignedSeal[] = [];
    await impostor((seal) => seals.push(seal));
    const job = await network.order({ quorum: 3, sealPeriod: SEAL_PERIOD });
    await eventually("all have handed in their seals", () => Promise.resolve(seals.length === 3));
    const { isPacked: done } = await commitSigned(network.client, { job: job.packed, seals });
    assert.equal(done, true);
    assert.equal(await ended(job), JobState.Agreed);
    assert.equal((await sendersOf(job, "RoundUnpacked")).length, 1);
    assert.equal((await sendersOf(job, "ResultRevealed")).length, 3);
    assert.equal((await slashed()).length, before);
  });

  it("send their own transactions in time when it takes everything and posts nothing [T173]", async () => {
    await impostor(() => undefined);
    const job = await network.order({ quorum: 3, sealPeriod: SEAL_PERIOD });
    assert.equal(await ended(job), JobState.Agreed);
    assert.equal((await sendersOf(job, "ResultSealed")).length, 3);
    assert.equal((await sendersOf(job, "ResultRevealed")).length, 3);
  });
});
