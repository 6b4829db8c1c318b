import { strict as assert } from "node:assert";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import {
  authoriseConsumer,
  challenge,
  closeSession,
  createClient,
  demandWords,
  depositBond,
  DisputeState,
  findEvents,
  findOffers,
  getDispute,
  getSession,
  getSessionServing,
  getVersion,
  PayloadSide,
  pick,
  showReceipt,
  type Statement,
  statementOfReceipt,
  type SignedReceipt,
} from "@opg-protocol/sdk";
import { MemorySessionStore, openSession, resumeSession, type SessionClient } from "@opg-protocol/sdk/session";
import { concat, hexlify, NonceManager, parseEther } from "ethers";

import { missing, opgNode, type Report } from "../support/cli.ts";
import { DaemonProcess } from "../support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "../support/network.ts";
import { falseRun, image, publishRefereed, trueRoot } from "../support/refereed.ts";

const PRICE = "0.01";
const COLLATERAL = parseEther("100");
/** A second of the chain while the daemon has ten of them to answer in. Milliseconds. */
const SLOW = 1_000;

describe("A node that answers calls in sessions", () => {
  let network: TestNetwork;
  let versionId: string;
  let node: TestNode;
  let daemon: DaemonProcess;
  const store = new MemorySessionStore();
  let session: SessionClient;

  before(async () => {
    network = await TestNetwork.start();
    versionId = await publishRefereed(network);
    node = await network.addNode(1, {
      versions: [{ id: versionId, maxLock: "100", sessions: { price: PRICE, maxLock: "500", mostCollateral: "100" } }],
      sessions: { redeemAbove: "1", endMinutes: 0.05 },
      serve: { publicUrl: "https://node.example" },
    });
    daemon = new DaemonProcess(node);
  });
  after(async () => {
    await daemon.kill();
    await network.stop();
  });

  const open = async (): Promise<void> => {
    session = await openSession(network.client, {
      versionId,
      url: node.url,
      deposit: parseEther("5"),
      collateral: COLLATERAL,
      clockTolerance: 3_600, // the chain of a test goes faster than life
      store,
    });
  };
  const infer = async (seed: number): Promise<SignedReceipt> =>
    (await session.infer({ inputs: [{ name: "x", ...image(seed) }] })).receipt;
  const resumed = (): SessionClient =>
    resumeSession(network.client, {
      session: session.packed,
      url: node.url,
      key: network.client.signer as NonceManager,
      store,
    });

  it("is told by doctor what is missing, and has its version admitted and its stake locked by itself", async () => {
    const { output } = await opgNode("--data", node.folder, "doctor", "--json");
    const found = missing(JSON.parse(output) as Report);
    assert.deepEqual(found, ["secret", "sessions authorised"]); // a folder that was made by hand has no secret yet
    const owner = new NonceManager(await network.provider.getSigner(1));
    const { addresses, provider } = network.client;
    const client = await createClient({ provider, signer: owner, addresses });
    await authoriseConsumer(client, { node: node.node, consumer: addresses.sessions, cap: parseEther("1000") });
    daemon.start();
    await daemon.ready();
    await eventually("its stake answers for sessions", async () => {
      await network.catchUp();
      const { maxLock } = await getSessionServing(network.client, { node: node.node, versionId });
      return maxLock === parseEther("500");
    });
  });

  it("is told by doctor what to do when its key may not publish what it asks", async () => {
    const stranger = await network.addWatcher(0n);
    const copy = join(network.folder, "stranger");
    cpSync(node.folder, copy, { recursive: true });
    for (const file of ["signer.json", "signer.password"]) cpSync(join(stranger.folder, file), join(copy, file));
    const { output } = await opgNode("--data", copy, "doctor", "--json");
    const { checks } = JSON.parse(output) as Report;
    const book = checks.find(({ name }) => name === "book of prices");
    const told = new RegExp(`^false .*${stranger.node}, does not act for the node.*proposeSigner`);
    assert.match(`${book?.ok} ${book?.detail}`, told);
  });

  it("is found by callers in the book of prices, with what it asks", async () => {
    await eventually("its offer is published", async () => {
      await network.catchUp();
      return (await findOffers(network.client, { versionId })).length === 1;
    });
    const [offer] = await findOffers(network.client, { versionId });
    assert.deepEqual(
      [offer?.node, offer?.callPrice, offer?.collateral, offer?.endpoint],
      [node.node, parseEther(PRICE), COLLATERAL, "https://node.example"],
    );
  });

  it("serves calls, each with a receipt, and says what they are worth", async () => {
    await open();
    for (let seed = 1; seed <= 5; seed += 1) assert.equal((await infer(seed)).outputRoot, trueRoot(seed));
    assert.equal(await session.spent(), 5n * parseEther(PRICE));
  });

  it("gives the same receipt after it was killed, and serves the next call", async () => {
    const before = await infer(6);
    await daemon.kill();
    daemon.start();
    await daemon.ready();
    session = resumed();
    const after = await infer(7);
    assert.deepEqual([before.sequence, after.sequence], [6n, 7n]);
  });

  /** Has a call answered, and shows its receipt. */
  const stated = async (seed: number): Promise<Statement> => {
    const { client } = network;
    const receipt = await infer(seed);
    await network.catchUp();
    await showReceipt(client, { session: session.packed, receipt, proof: { signature: receipt.signature } });
    const { modelId, identity: version } = await getVersion(client, { versionId });
    return statementOfReceipt(client, { receipt, node: node.node, modelId, version });
  };

  it("supplies input and output of a receipt that was shown, demanded while it was dead, out of its book", async () => {
    const { client } = network;
    const seed = 7;
    const statement = await stated(seed);
    await depositBond(client, { amount: parseEther("10") });
    await daemon.kill();
    const { data: words } = image(seed);
    // The model gives what it takes, and nobody can demand the same words twice.
    const half = words.length / 64;
    const part = { statement, tensor: 0, count: half };
    const demanded = [
      await demandWords(client, { ...part, side: PayloadSide.Input, firstWord: 0 }),
      await demandWords(client, { ...part, side: PayloadSide.Output, firstWord: half }),
    ];
    daemon.start();
    await daemon.ready();
    network.run(SLOW);
    const supplied: string[] = [];
    for (const { demandId } of demanded) {
      const stateOf = async () => (await getDispute(client, { disputeId: demandId })).state;
      await eventually("it supplies", async () => (await stateOf()) !== DisputeState.Demanded);
      assert.equal((await getDispute(client, { disputeId: demandId })).state, DisputeState.Supplied);
      const [event] = await findEvents(client, "disputes", "WordsSupplied", [demandId], 0);
      supplied.push(...(event?.args.supply.words ?? []));
    }
    await network.pause();
    assert.equal(concat(supplied), hexlify(words));
  });

  it("answers a challenge about a receipt out of what it has kept, and wins", async () => {
    const { client } = network;
    const seed = 3;
    const statement = await stated(seed);
    await depositBond(client, { amount: parseEther("700") });
    const { gameId } = await challenge(client, { statement, run: falseRun(seed), isSealed: false });
    const stateOf = async () => (await getDispute(client, { disputeId: gameId })).state;
    network.run(SLOW);
    await eventually("it answers the challenge", async () => (await stateOf()) !== DisputeState.Asked);
    if ((await stateOf()) === DisputeState.Answered) await pick(client, { gameId, run: falseRun(seed) });
    await eventually("the game is over", async () => (await stateOf()) > DisputeState.Demanded);
    await network.pause();
    assert.equal(await stateOf(), DisputeState.ChallengerLost, daemon.output.slice(-3_000));
  });

  it("redeems on command when it has stopped", async () => {
    await infer(8);
    assert.equal(await daemon.stop(), 0);
    const redeem = opgNode("--data", node.folder, "redeem", "--json");
    const { code, output, errors } = await redeem;
    assert.equal(code, 0, errors);
    const { record } = await getSession(network.client, { sessionId: session.id });
    assert.equal((JSON.parse(output) as { redeemed: string }).redeemed, `${record.redeemed}`);
    const served = ((await store.get(session.id))?.next ?? 1n) - 1n;
    assert.ok(record.redeemed >= served * parseEther(PRICE), `${record.redeemed} redeemed, ${served} served`);
  });

  it("says on command what can no longer be redeemed, of a session that ends meanwhile", async () => {
    daemon.start();
    await daemon.ready();
    session = resumed();
    await infer(9);
    assert.equal(await daemon.stop(), 0);
    const { client, provider } = network;
    await closeSession(client, { session: session.packed });
    const { record } = await getSession(client, { sessionId: session.id });
    await provider.send("evm_setAutomine", [false]);
    const redeem = opgNode("--data", node.folder, "redeem", "--json");
    await eventually("it sends", async () => {
      const { pending } = (await provider.send("txpool_status", [])) as { readonly pending: string };
      return BigInt(pending) > 0n;
    });
    await provider.send("evm_mine", [record.closesAt]);
    await provider.send("evm_setAutomine", [true]);
    const { code, output, errors } = await redeem;
    const lost = [{ sessionId: session.id, amount: `${parseEther(PRICE)}` }];
    assert.deepEqual([code, JSON.parse(output)], [1, { redeemed: "0", lost }]);
    assert.match(errors, new RegExp(`${PRICE} OPG of session ${session.id} can no longer be redeemed`));
  });

  it("redeems what is owed when its payer closes the session, also if its operator wants no calls any more", async () => {
    daemon.start();
    await daemon.ready();
    await open();
    await infer(10);
    assert.equal(await daemon.stop(), 0);
    const path = join(node.folder, "node.json5");
    const config = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...config, versions: [{ id: versionId, maxLock: "100" }] }));
    daemon.start();
    await daemon.ready();
    const { record: before } = await getSession(network.client, { sessionId: session.id });
    await closeSession(network.client, { session: session.packed });
    network.run(300);
    await eventually("it redeems", async () => {
      const { record } = await getSession(network.client, { sessionId: session.id });
      return record.redeemed > before.redeemed;
    });
    await network.pause();
    assert.equal(await daemon.stop(), 0);
  });
});
