import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { type Provider, VoidSigner } from "ethers";

import { BadDeploymentError, readDeployment } from "../src/deployment.ts";
import { createClient } from "../src/client.ts";
import { WrongChainError } from "../src/errors/faults.ts";
import { ADDRESSES, addressOf } from "./support.ts";

const provider = { getNetwork: () => Promise.resolve({ chainId: 31_337n }) } as unknown as Provider;
const deployment = { chainId: 31_337, addresses: ADDRESSES, startBlock: 5 };

describe("createClient", () => {
  it("takes a deployment, and connects to its contracts", async () => {
    const client = await createClient({ provider, ...deployment });
    assert.equal(await client.market.getAddress(), ADDRESSES.market);
    assert.deepEqual([client.chainId, client.startBlock, client.account], [31_337n, 5, undefined]);
  });

  it("connects a signer that has no provider", async () => {
    const client = await createClient({ provider, signer: new VoidSigner(addressOf("account")), ...deployment });
    assert.equal(client.account, addressOf("account"));
    assert.equal(client.signer?.provider, provider);
  });

  it("refuses a provider on another chain, and names both [T150]", async () => {
    await assert.rejects(createClient({ provider, ...deployment, chainId: 1 }), (error) => {
      assert.ok(error instanceof WrongChainError);
      assert.deepEqual([error.given, error.expected], [31_337n, 1n]);
      return true;
    });
  });
});

describe("readDeployment", () => {
  it("gives a deployment from JSON with checksums", () => {
    const json = JSON.stringify(deployment)
      .toLowerCase()
      .replace("chainid", "chainId")
      .replace("refereedpolicy", "refereedPolicy")
      .replace("auditroster", "auditRoster")
      .replace("optimisticpolicy", "optimisticPolicy")
      .replace("inferencelens", "inferenceLens")
      .replace("optimisticlens", "optimisticLens")
      .replace("sessionlens", "sessionLens")
      .replace("jobchain", "jobChain")
      .replace("pauseguardian", "pauseGuardian")
      .replace("startblock", "startBlock");
    assert.deepEqual(readDeployment(JSON.parse(json)), deployment);
  });

  const wrong: Readonly<Record<string, unknown>> = {
    deployment: null,
    chainId: { ...deployment, chainId: "1" },
    startBlock: { ...deployment, startBlock: -1 },
    addresses: { ...deployment, addresses: undefined },
    "addresses.market": { ...deployment, addresses: { ...ADDRESSES, market: "0x1" } },
  };
  for (const [field, value] of Object.entries(wrong)) {
    it(`names the field that is wrong: ${field}`, () => {
      assert.throws(
        () => readDeployment(value),
        (error) => error instanceof BadDeploymentError && error.field === field,
      );
    });
  }
});
