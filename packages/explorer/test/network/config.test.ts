import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { CONTRACTS } from "@opg-protocol/sdk";
import { getAddress } from "ethers";

import { BadNetworkError, readNetwork } from "../../src/network/config.ts";

const ADDRESS = getAddress(`0x${"11".repeat(20)}`);
const deployment = {
  chainId: 31_337,
  startBlock: 3,
  addresses: Object.fromEntries(CONTRACTS.map((name) => [name, ADDRESS])),
};
const given = { name: "Local", rpcUrl: "http://127.0.0.1:8545", deployment };
const none = () => undefined;

describe("readNetwork", () => {
  it("takes what is there, and sensible values for the rest", () => {
    assert.deepEqual(readNetwork(given, none), {
      ...given,
      logRange: 10_000,
      pollingInterval: 4_000,
      blockExplorer: undefined,
      indexer: undefined,
      ipfsGateway: undefined,
    });
  });

  it("prefers the RPC that the user has chosen for this chain", () => {
    const chosen = (chainId: number) => (chainId === 31_337 ? "https://rpc.example.org" : undefined);
    assert.equal(readNetwork(given, chosen).rpcUrl, "https://rpc.example.org");
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ["rpcUrl", { ...given, rpcUrl: "javascript:alert(1)" }],
    ["blockExplorer", { ...given, blockExplorer: "data:text/html,x" }],
    ["indexer", { ...given, indexer: 5 }],
    ["name", { ...given, name: "" }],
    ["logRange", { ...given, logRange: 0 }],
    ["pollingInterval", { ...given, pollingInterval: 1 }],
  ];
  for (const [field, value] of wrong) {
    it(`names a wrong ${field}`, () => {
      assert.throws(
        () => readNetwork(value, none),
        (error) => error instanceof BadNetworkError && error.message.includes(`\`${field}\``),
      );
    });
  }

  it("names what is wrong in the deployment", () => {
    const broken = { ...given, deployment: { ...deployment, addresses: { ...deployment.addresses, market: "0x12" } } };
    assert.throws(() => readNetwork(broken, none), /addresses\.market/);
  });
});
