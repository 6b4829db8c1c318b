import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { decodeSuiteError, parseOpg, readDeployment, withHex } from "@opg-protocol/sdk";
import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import { createPublicClient, createWalletClient, type Hex, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";

import { balanceOf, deposit, order, royaltyOf } from "./market.ts";

const { OPG_RPC_URL: url, OPG_DEPLOYMENT: path } = process.env;
if (url === undefined || path === undefined) {
  throw new Error("Set OPG_RPC_URL and OPG_DEPLOYMENT to what `npm run chain` prints in the repository.");
}
const file = JSON.parse(readFileSync(path, "utf8")) as { versionId: Hex };
const deployed = withHex(readDeployment(file).addresses);
const transport = http(url);
const account = mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex: 1 });
const client = createPublicClient({ chain: hardhat, transport, pollingInterval: 100 });
const wallet = createWalletClient({ chain: hardhat, transport, account });

describe("The example with viem", () => {
  it("deposits, orders, and reads the job out of the logs", async () => {
    const before = await balanceOf(client, deployed, account.address);
    await deposit(client, wallet, deployed, parseOpg("20"));
    assert.equal(await balanceOf(client, deployed, account.address), before + parseOpg("20"));

    const royalty = await royaltyOf(client, deployed, file.versionId, account.address);
    const [entity] = await order(client, wallet, deployed, file.versionId, royalty);
    assert.ok(entity?.kind === "requestedJob");
    assert.equal(entity.job.requester, account.address);
    assert.equal(entity.job.versionId, file.versionId);
  });

  it("explains a refusal of a contract, however viem wraps it", async () => {
    const tooMuch = {
      account,
      address: deployed.market,
      abi: InferenceMarketplaceAbi,
      functionName: "withdraw",
      args: [account.address, parseOpg("1000000")],
    } as const;
    for (const refused of [client.simulateContract(tooMuch), client.estimateContractGas(tooMuch)]) {
      await assert.rejects(refused, (thrown) => {
        const decoded = decodeSuiteError(thrown);
        assert.equal(decoded?.name, "LedgerInsufficientBalance");
        assert.equal(decoded.args["amount"], parseOpg("1000000"));
        return true;
      });
    }
  });
});
