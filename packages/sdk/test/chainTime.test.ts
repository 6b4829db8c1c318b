import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { type BlockTag, id, Wallet } from "ethers";

import { signOptimisticOrder } from "../src/actions/optimistic/orders.ts";
import { chainTime } from "../src/chainTime.ts";
import { NoBlockError } from "../src/errors/index.ts";
import { clientOf } from "./support.ts";

describe("chainTime", () => {
  const client = clientOf({
    getBlock: (block: BlockTag) => Promise.resolve(block === "latest" ? ({ timestamp: 7 } as never) : null),
  });

  it("is the time of the latest block", async () => {
    assert.equal(await chainTime(client), 7);
  });

  it("is no time at all where the provider does not give the block", async () => {
    await assert.rejects(chainTime(client, 9), new NoBlockError(9));
  });

  it("is not 1970 for an order that stands since the latest block", async () => {
    const signer = Wallet.createRandom();
    const blind = clientOf({ getBlock: () => Promise.resolve(null) }, { signer, account: signer.address });
    const order = {
      versionId: id("version"),
      input: { uri: "https://data.example/1", inputRoot: id("input") },
      price: 10n ** 18n,
      answerPeriod: 20,
      windowPeriod: 40,
      mostCost: 2n ** 90n,
      mostRepay: 3n,
      signedNonce: 7n,
      expiresAt: 1_800_000_000,
    };
    await assert.rejects(signOptimisticOrder(blind, order), new NoBlockError("latest"));
    assert.equal((await signOptimisticOrder(blind, { ...order, since: 1_700_000_000 })).signed.mostRepay, 3n);
  });
});
