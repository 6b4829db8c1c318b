import { strict as assert } from "node:assert";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import {
  depositOptimistic,
  findEvents,
  postOrder,
  signOptimisticOrder,
  signOrder,
  type SignOrderParameters,
  type SignedOptimisticOrder,
  type SignedOrder,
} from "@opg-protocol/sdk";
import { parseEther, Wallet } from "ethers";
import { Hono } from "hono";

import { Journal } from "../dist/journal/Journal.js";
import type { Logger } from "../dist/log.js";
import { Bringer } from "../dist/relay/Bringer.js";
import { Collector } from "../dist/relay/Collector.js";
import { serveRelay } from "../dist/relay/serveRelay.js";
import { Budget } from "../dist/send/Budget.js";
import { Sender } from "../dist/send/Sender.js";

import { DaemonProcess } from "./support/daemon.ts";
import { temporaryFolder } from "./support/folder.ts";
import { eventually, IMAGE, TestNetwork, type TestNode } from "./support/network.ts";
import { image, publishRefereed } from "./support/refereed.ts";

/** OPG for one coin. */
const RATE = 1_000n;
const MOST_REPAY = parseEther("100");

describe("A relayer that brings signed orders", () => {
  const folder = temporaryFolder();
  let network: TestNetwork;
  let relayer: TestNode;
  let relay: DaemonProcess;
  before(async () => {
    network = await TestNetwork.start();
    relayer = await network.addWatcher(0n, { orders: { opgPerCoin: `${RATE}` } });
    relay = new DaemonProcess(relayer, "relay");
    relay.start();
    await relay.ready();
  });
  after(async () => {
    await relay.kill();
    await network.stop();
  });

  const toDaemon = (path: string, init: RequestInit) => fetch(`${relayer.url}${path}`, init);
  const post = async (body: unknown, ask = toDaemon) => {
    const text = JSON.stringify(body, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
    const headers = { "content-type": "application/json" };
    const response = await ask("/v1/orders", { method: "POST", headers, body: text });
    const answer = (await response.json().catch(() => ({}))) as { transaction?: string; error?: string };
    return { status: response.status, ...answer };
  };
  const terms = (changes: Partial<SignOrderParameters> = {}): SignOrderParameters => ({
    versionId: network.versionId,
    input: { tensors: [IMAGE] },
    seatPrice: parseEther("1"),
    quorum: 2,
    collateralFactor: 8,
    sealPeriod: 3,
    mostRepay: MOST_REPAY,
    ...changes,
  });
  const signed = async (changes?: Partial<SignOrderParameters>) => ({
    market: network.client.addresses.market,
    ...(await signOrder(network.client, terms(changes))),
  });
  const minedOf = async (transaction = "") => {
    const receipt = await network.provider.waitForTransaction(transaction, 1, 10_000);
    assert.ok(receipt);
    assert.deepEqual([receipt.status, receipt.from], [1, relayer.node]);
    return receipt;
  };

  it("places the order, pays the gas, and has of the requester what that costs, and little more", async () => {
    const { client } = network;
    const order: SignedOrder & { readonly market: string } = await signed();
    const transaction = await postOrder(client, { url: relayer.url, order });
    const receipt = await minedOf(transaction);
    const [event] = await findEvents(client, "market", "JobRequested", [], receipt.blockNumber);
    assert.equal(event?.transactionHash, transaction);
    const { balance } = await client.market.accountOf(relayer.node);
    const cost = receipt.gasUsed * receipt.gasPrice * RATE;
    assert.ok(balance >= cost, `${balance} for ${cost}`);
    assert.ok(balance < (3n * cost) / 2n, `${balance} for ${cost}`);
    await eventually("the market says that it was brought", async () => {
      const again = await post(order);
      assert.equal(again.status, 409);
      return again.error?.startsWith("MandateNonceUsed: ") === true;
    });
  });

  it("brings orders of one node to the market for these", async () => {
    const { client } = network;
    const versionId = await publishRefereed(network);
    await depositOptimistic(client, { amount: parseEther("1000") });
    const order: SignedOptimisticOrder = await signOptimisticOrder(client, {
      versionId,
      input: { tensors: [image(1)] },
      price: parseEther("1"),
      node: relayer.node,
      answerPeriod: 30,
      windowPeriod: 30,
      mostRepay: MOST_REPAY,
    });
    const elsewhere = await post({ market: client.addresses.market, ...order });
    assert.equal(elsewhere.status, 404);
    const transaction = await postOrder(client, { url: relayer.url, order });
    const receipt = await minedOf(transaction);
    const [event] = await findEvents(client, "optimistic", "JobOffered", [], receipt.blockNumber);
    assert.equal(event?.transactionHash, transaction);
  });

  const refusals: readonly (readonly [what: string, status: number, error: RegExp, body: () => Promise<unknown>])[] = [
    ["repays less than it costs", 402, /and mostRepay is 1: sign more\.$/, () => signed({ mostRepay: 1n })],
    ["has expired", 409, /^MandateExpired: .* later `expiresAt`/, () => signed({ expiresAt: 1 })],
    ["may cost less than it does", 409, /^MandateCostTooHigh: /, () => signed({ mostCost: 1n })],
    ["is not what was signed", 409, /^MandateInvalidSignature: /, async () => ({ ...(await signed()), input: "0x01" })],
    [
      "nobody has the balance for",
      409,
      /^LedgerInsufficientBalance: /,
      async () => {
        const poor = await network.clientOf(7);
        return { market: poor.addresses.market, ...(await signOrder(poor, terms())) };
      },
    ],
    ["has another form", 400, /Invalid input/, () => Promise.resolve({ market: network.client.addresses.market })],
  ];
  for (const [what, status, error, body] of refusals) {
    it(`says why it brings no order that ${what}`, async () => {
      const answer = await post(await body());
      assert.equal(answer.status, status, answer.error);
      assert.match(answer.error ?? "", error);
    });
  }

  it("brings one order for a nonce at a time", async () => {
    const { provider, client } = network;
    const [order, other] = [await signed({ signedNonce: 7n }), await signed({ signedNonce: 7n })];
    await provider.send("evm_setAutomine", [false]);
    const sent = await Promise.all([post(order), post(order), post(other)]);
    assert.deepEqual(
      sent.map(({ status }) => status),
      [202, 409, 409],
    );
    const [first, second] = sent;
    assert.match(second.error ?? "", /nonce 7 is on its way/);
    await provider.send("evm_setAutomine", [true]);
    await provider.send("evm_mine", []);
    const receipt = await minedOf(first.transaction);
    assert.equal((await findEvents(client, "market", "JobRequested", [], receipt.blockNumber)).length, 1);
  });

  it("takes none that is too long", async () => {
    assert.equal((await post({ input: "0".repeat(300_000) })).status, 413);
  });

  /** A relayer in this process, and what it has logged. */
  const relayerHere = async (brings: boolean) => {
    const { client, provider } = network;
    const warnings: object[] = [];
    const log = { info: () => undefined, warn: (said: object) => warnings.push(said) } as unknown as Logger;
    const signer = Wallet.createRandom();
    const account = signer.address;
    await (await client.signer?.sendTransaction({ to: account, value: parseEther("1") }))?.wait();
    const journal = Journal.open(join(folder, account), { chainId: 1n, market: client.addresses.relay, node: account });
    const sender = await Sender.init(provider, signer, journal, new Budget(journal, parseEther("1")), log);
    const collector = new Collector({ client, sender, head: () => Promise.resolve({ timestamp: 0 }), log });
    const bringer = brings ? new Bringer({ client, sender, log }, { account, opgPerCoin: RATE }) : undefined;
    const app = new Hono();
    serveRelay(app, collector, bringer, log);
    return { sender, warnings, ask: async (path: string, init: RequestInit) => app.request(path, init) };
  };

  it("says that an order is on its way which it has signed and could not send at once", async (t) => {
    const { client, provider } = network;
    const { sender, warnings, ask } = await relayerHere(true);
    const order = await signed();
    const cut = t.mock.method(provider, "broadcastTransaction", () => Promise.reject(new Error("connection reset")));
    for (let i = 0; i < 2; i += 1) {
      const { status, error } = await post(order, ask);
      assert.equal(status, 409);
      assert.match(error ?? "", /is on its way\.$/);
    }
    assert.deepEqual(warnings, [
      { subject: `${await client.signer?.getAddress()}/${order.signed.nonce}`, error: "Error: connection reset" },
    ]);
    cut.mock.restore();
    await eventually("it is brought", async () => {
      await sender.review();
      return /^MandateNonceUsed: /.test((await post(order, ask)).error ?? "");
    });
  });

  it("says in its log why it can take none", async (t) => {
    const { warnings, ask } = await relayerHere(true);
    t.mock.method(network.provider, "getFeeData", () => Promise.reject(new Error("no price")));
    const refusal = { status: 503, error: "This relayer cannot take it now; its log says why." };
    assert.deepEqual(await post(await signed(), ask), refusal);
    assert.deepEqual(warnings, [{ path: "/v1/orders", error: "Error: no price" }]);
  });

  it("takes none at all unless its operator says for what", async () => {
    const { ask } = await relayerHere(false);
    assert.deepEqual(await post({}, ask), { status: 404, error: "This relayer brings no orders." });
  });
});
