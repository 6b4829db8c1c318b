import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { id, Wallet } from "ethers";

import { postOrder } from "../src/actions/mandates/postOrder.ts";
import { signOrder } from "../src/actions/market/orders.ts";
import { signOptimisticOrder } from "../src/actions/optimistic/orders.ts";
import { OipFormatError, OipStatusError } from "../src/oip/index.ts";
import { LocalServer } from "./LocalServer.ts";
import { ADDRESSES, clientOf } from "./support.ts";

const WALLET = Wallet.createRandom();
const client = clientOf({}, { signer: WALLET, account: WALLET.address });
const INPUT = { uri: "https://data.example/1", inputRoot: id("input") };
const TERMS = { versionId: id("version"), input: INPUT, windowPeriod: 40 };
const BOUNDS = { mostCost: 2n ** 90n, mostRepay: 3n, signedNonce: 2n ** 200n, expiresAt: 1_800_000_000 };

describe("postOrder", () => {
  let answer: { readonly status: number; readonly body: string };
  let seen: { readonly line: string; readonly body: string }[] = [];
  const server = new LocalServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push({ line: `${request.method} ${request.url}`, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  let url: string;
  before(async () => {
    ({ url } = await server.listen());
  });
  after(() => {
    server.close();
  });

  const severalNodes = () =>
    signOrder(client, { ...TERMS, ...BOUNDS, seatPrice: 1n, quorum: 2, collateralFactor: 8, sealPeriod: 3 });
  const oneNode = () =>
    signOptimisticOrder(client, { ...TERMS, ...BOUNDS, price: 10n ** 18n, answerPeriod: 20, since: 1_700_000_000 });

  it("hands over all that was signed, with the market that it is for, and gives the transaction", async () => {
    const transaction = id("transaction");
    answer = { status: 202, body: JSON.stringify({ transaction }) };
    const orders = [
      [await severalNodes(), ADDRESSES.market],
      [await oneNode(), ADDRESSES.optimistic],
    ] as const;
    for (const [order, market] of orders) {
      seen = [];
      assert.equal(await postOrder(client, { url, order }), transaction);
      const [{ line, body }] = seen as [(typeof seen)[0]];
      assert.equal(line, "POST /v1/orders");
      const { mostCost, mostRepay, signedNonce, expiresAt } = BOUNDS;
      const { signature } = order.signed;
      const bounds = { mostCost: `${mostCost}`, mostRepay: `${mostRepay}`, nonce: `${signedNonce}` };
      const signed = { ...bounds, expiresAt, signature };
      assert.deepEqual(JSON.parse(body), { market, order: order.order, input: order.input, signed });
    }
  });

  it("says why a relayer does not take it", async () => {
    answer = { status: 402, body: '{"error":"sign more"}' };
    await assert.rejects(postOrder(client, { url, order: await severalNodes() }), new OipStatusError(402, "sign more"));
  });

  it("takes no answer for a transaction that is none", async () => {
    const order = await severalNodes();
    for (const body of ["{}", '{"transaction":"0x12"}', '{"transaction":7}']) {
      answer = { status: 202, body };
      const wrong = new OipFormatError("transaction", "must be 32 bytes in hex");
      await assert.rejects(postOrder(client, { url, order }), wrong);
    }
    answer = { status: 202, body: "taken" };
    await assert.rejects(postOrder(client, { url, order }), new OipFormatError("body", "is no JSON"));
  });
});
