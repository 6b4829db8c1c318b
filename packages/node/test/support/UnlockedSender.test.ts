import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";

import { JsonRpcProvider, type TransactionReceipt } from "ethers";

import { TestNetwork } from "./network.ts";
import { UnlockedSender } from "./UnlockedSender.ts";

/** Has the block made, and no other, as soon as somebody has looked for a receipt and found none. */
class LateProvider extends JsonRpcProvider {
  override async getTransactionReceipt(hash: string): Promise<TransactionReceipt | null> {
    const receipt = await super.getTransactionReceipt(hash);
    if (receipt === null) await this.send("evm_mine", []);
    return receipt;
  }
}

describe("UnlockedSender", () => {
  let network: TestNetwork;
  let provider: LateProvider;
  before(async () => {
    network = await TestNetwork.start();
    await network.provider.send("evm_setAutomine", [false]);
    provider = new LateProvider(network.url, undefined, { cacheTimeout: -1, pollingInterval: 50 });
  });
  after(async () => {
    provider.destroy();
    await network.stop();
  });

  it(
    "knows what is in a block that came just after it had looked, though none follows",
    { timeout: 30_000 },
    async () => {
      const { address } = await network.provider.getSigner(1);
      const sender = new UnlockedSender(provider, address);
      const hash = await sender.perform({ kind: "nothing", subject: address, to: address, data: "0x" });
      assert.equal((await network.provider.getTransactionReceipt(hash))?.status, 1);
      assert.deepEqual(sender.kinds, ["nothing"]);
    },
  );
});
