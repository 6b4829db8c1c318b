import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { type Client, CONTRACTS, parseOpg, prepareOrder, readAddresses, requestInference } from "@opg-protocol/sdk";
import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import { Interface, Signature, toBeHex } from "ethers";

import { paidCalls, paymentFor, placeOrder, PriceRisenError } from "../../src/playground/placeOrder.ts";

const addresses = readAddresses(Object.fromEntries(CONTRACTS.map((name, i) => [name, toBeHex(0xabc000 + i, 20)])));
const ACCOUNT = "0x00000000000000000000000000000000000000A1";
const market = new Interface(InferenceMarketplaceAbi);

describe("playground: paying", () => {
  it("asks for a signature only where the balance does not suffice", () => {
    assert.equal(paymentFor(5n, 5n), "balance");
    assert.equal(paymentFor(5n, 4n), "permit");
  });

  it("pays no more than was shown, whatever the model's owner has raised since", async () => {
    // Nothing but prices can be asked of it: no balance, no signature.
    const client = {
      account: ACCOUNT,
      market: { governed: () => Promise.resolve({ rules: 0n }) },
      registry: { quote: () => Promise.resolve({ royalty: 0n, payee: ACCOUNT, refereed: false }) },
    } as unknown as Client;
    const terms = {
      versionId: toBeHex(7, 32),
      seatPrice: parseOpg("1"),
      quorum: 2,
      collateralFactor: 8,
      sealPeriod: 4,
    };
    const order = (shown: bigint) => placeOrder(client, { market: "market", terms }, [], shown);
    await assert.rejects(order(parseOpg("9") - 1n), PriceRisenError);
    await assert.rejects(order(parseOpg("9")), (error) => !(error instanceof PriceRisenError));
  });

  it("deposits what the permit allows, then orders, both in the market", () => {
    const signature = Signature.from({ r: toBeHex(1, 32), s: toBeHex(2, 32), v: 27 });
    const permit = { owner: ACCOUNT, spender: addresses.market, amount: parseOpg("3"), deadline: 99, signature };
    const prepared = prepareOrder(ACCOUNT, {
      versionId: toBeHex(7, 32),
      seatPrice: parseOpg("1"),
      quorum: 2,
      collateralFactor: 8,
      sealPeriod: 4,
      input: { tensors: [{ dtype: 2, shape: [1], data: Uint8Array.of(1) }] },
    });
    const calls = paidCalls(addresses, "market", permit, requestInference.call(addresses, prepared));
    assert.deepEqual(
      calls.map(({ to }) => to),
      [addresses.market, addresses.market],
    );
    const [deposit, order] = calls.map(({ data }) => market.parseTransaction({ data }));
    assert.equal(deposit?.name, "depositWithPermit");
    assert.deepEqual([...deposit.args].slice(0, 4), [ACCOUNT, parseOpg("3"), 99n, 27n]);
    assert.equal(order?.name, "request");
  });
});
