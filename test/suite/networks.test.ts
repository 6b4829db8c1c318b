import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import hre from "hardhat";
import { HardhatPluginError } from "hardhat/plugins";

import { BadNetworkFileError, hardhatNetworks, networksFolder, readNetworks } from "../../scripts/suite/networks.ts";

const HOLESKY = 17_000;
const OURS = {
  chainId: 7,
  title: "Ours",
  kind: "testnet",
  chainType: "l1",
  parameters: "testnet",
  rpcUrls: ["https://rpc.example"],
  currency: "ETH",
  blockPeriod: 12,
  confirmations: 3,
  verification: { blockscout: { url: "https://scout.example", apiUrl: "https://scout.example/api" } },
  faucets: [],
  supportEndsOn: null,
};

/** A folder with one file. */
function folderWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "opg-networks-"));
  writeFileSync(join(folder, "our-net.json5"), text);
  return folder;
}

describe("Networks of deploy/networks", () => {
  it("are the ones that are promised, and never Holešky", () => {
    const networks = Object.fromEntries(readNetworks(networksFolder()).map(({ name, chainId }) => [name, chainId]));
    expect(networks).to.deep.equal({
      "arbitrum-sepolia": 421_614,
      "base-sepolia": 84_532,
      hoodi: 560_048,
      localhost: 31_337,
      sepolia: 11_155_111,
    });
    expect(Object.values(networks)).to.not.include(HOLESKY);
  });

  it("are what Hardhat connects to, with a public RPC and without a key", async () => {
    for (const { name, chainId, title, rpcUrls, kind } of readNetworks(networksFolder())) {
      const config = hre.config.networks[name];
      if (config?.type !== "http") throw new Error(`${name} is not configured`);
      expect(config.chainId).to.equal(chainId);
      expect(await config.url.get()).to.equal(rpcUrls[0]);
      expect(config.accounts === "remote").to.equal(kind === "development");
      expect(hre.config.chainDescriptors.get(BigInt(chainId))?.name).to.equal(title);
    }
  });

  it("know when the support of Sepolia has ended", () => {
    const ends = Object.fromEntries(
      readNetworks(networksFolder()).map(({ name, supportEndsOn }) => [name, supportEndsOn]),
    );
    expect(ends).to.include({ sepolia: "2026-09-30", "base-sepolia": null });
  });

  context("given one file more", () => {
    it("has one network more, and no code", () => {
      const { networks, chainDescriptors } = hardhatNetworks(readNetworks(folderWith(JSON.stringify(OURS))));
      expect(networks["our-net"]).to.deep.include({ type: "http", chainId: 7, chainType: "l1" });
      expect(networks["our-net"]).to.have.nested.property("url.name", "OUR_NET_RPC_URL");
      expect(networks["our-net"]).to.have.nested.property("url.default", "https://rpc.example");
      expect(chainDescriptors[7]).to.deep.equal({
        name: "Ours",
        chainType: "l1",
        blockExplorers: { blockscout: OURS.verification.blockscout },
      });
    });
  });

  const wrong: readonly (readonly [what: string, change: Readonly<Record<string, unknown>>, named: string])[] = [
    ["a chain id of zero", { chainId: 0 }, "chainId"],
    ["no RPC", { rpcUrls: [] }, "rpcUrls"],
    ["an RPC of another protocol", { rpcUrls: ["file:///etc/passwd"] }, "rpcUrls[0]"],
    ["a kind that nobody knows", { kind: "devnet" }, "kind"],
    ["parameters that leave their folder", { parameters: "../secret" }, "parameters"],
    ["a day that does not exist", { supportEndsOn: "2026-02-30" }, "supportEndsOn"],
    ["a field that nobody knows", { rpcUrl: "https://rpc.example" }, "rpcUrl"],
    ["no confirmations", { confirmations: 0 }, "confirmations"],
  ];
  for (const [what, change, named] of wrong) {
    it(`are refused with ${what}, by file and field`, () => {
      const folder = folderWith(JSON.stringify({ ...OURS, ...change }));
      expect(() => readNetworks(folder))
        .to.throw(BadNetworkFileError, join(folder, "our-net.json5"))
        .with.property("message")
        .that.includes(named);
      // Of these Hardhat prints no stack.
      expect(() => readNetworks(folder)).to.throw(HardhatPluginError);
    });
  }

  it("are refused where there is no folder of them", () => {
    expect(() => readNetworks("/nowhere/at/all")).to.throw(
      BadNetworkFileError,
      "no such folder: correct SUITE_NETWORKS",
    );
  });

  it("are refused when they are not JSON5", () => {
    expect(() => readNetworks(folderWith("{ chainId: "))).to.throw(BadNetworkFileError, "JSON5");
  });
});
