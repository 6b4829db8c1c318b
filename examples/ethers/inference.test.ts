import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { decodeSuiteError, getJob, parseOpg, verifyResult } from "@opg-protocol/sdk";
import { HDNodeWallet, JsonRpcProvider, Mnemonic, NonceManager } from "ethers";

import { balanceOf, cancel, connect, order, termsFor } from "./inference.ts";

const { OPG_RPC_URL: url, OPG_DEPLOYMENT: path } = process.env;
if (url === undefined || path === undefined) {
  throw new Error("Set OPG_RPC_URL and OPG_DEPLOYMENT to what `npm run chain` prints in the repository.");
}
const file = readFileSync(path, "utf8");
const { versionId } = JSON.parse(file) as { versionId: string };

/** An account that every development chain has. */
const wallet = (index: number) =>
  HDNodeWallet.fromMnemonic(
    Mnemonic.fromPhrase("test test test test test test test test test test test junk"),
    `m/44'/60'/0'/0/${index}`,
  );

describe("The example with ethers", () => {
  it("orders, reads and cancels", async () => {
    const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 100 });
    const requester = new NonceManager(wallet(1).connect(provider));
    const client = await connect(provider, requester, file);
    const before = await balanceOf(client.addresses.market, provider, wallet(1).address);

    const { jobId, quote } = await order(client, termsFor(versionId), new Uint8Array(64));
    assert.ok(quote.escrow > parseOpg("2"));
    assert.equal((await getJob(client, { jobId })).job.requester, wallet(1).address);
    const { verdict, checks } = await verifyResult(client, { jobId });
    assert.equal(verdict, "incomplete");
    assert.equal(checks.find(({ subject }) => subject === "input")?.finding, "holds");

    assert.equal(await cancel(client, jobId), before + quote.escrow);
    provider.destroy();
  });

  it("explains a refusal of a contract, however ethers wraps it", async () => {
    const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 100 });
    const { market } = await connect(provider, wallet(1), file);
    await assert.rejects(market.withdraw.staticCall(wallet(1).address, parseOpg("1000000")), (thrown) => {
      const decoded = decodeSuiteError(thrown);
      assert.equal(decoded?.name, "LedgerInsufficientBalance");
      assert.equal(decoded.args["amount"], parseOpg("1000000"));
      assert.match(decoded.docs, /^docs\/errors\.md#/);
      return true;
    });
    provider.destroy();
  });
});
