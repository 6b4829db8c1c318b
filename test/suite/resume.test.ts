import { expect } from "chai";
import type { NetworkConnection } from "hardhat/types/network";

import { ignite } from "../../scripts/suite/ignite.ts";
import { closeGap, isComplete } from "../../scripts/suite/journal.ts";
import { moduleFor, transactionsOf } from "../../scripts/suite/module.ts";
import { readParameters } from "../../scripts/suite/parameters.ts";
import { chainOf, suiteOn, tell } from "./stage.ts";

type Provider = NetworkConnection["provider"];

const suite = suiteOn("base-sepolia");
const module = moduleFor(suite);
/** Milliseconds: each transaction is reached anew from the first. */
const TIMEOUT = 180_000;

/** A line that is cut at the next transaction: before the chain has it, or before its hash comes back. */
function cutting(provider: Provider, when: "before" | "after"): Provider {
  const request = async (args: Parameters<Provider["request"]>[0]): Promise<unknown> => {
    if (args.method !== "eth_sendTransaction") return provider.request(args) as Promise<unknown>;
    if (when === "after") await provider.request(args);
    throw new Error("The line is cut");
  };
  const has = (name: string | symbol): unknown => Reflect.get(provider, name, provider);
  return new Proxy(provider, { get: (_target, name) => (name === "request" ? request : has(name)) });
}

describe("A deployment whose line is cut", () => {
  it("at every transaction, before and after the chain has it, sends each of them once [A5 T121]", async () => {
    const connection = await chainOf(suite);
    const [account] = await connection.ethers.getSigners();
    if (account === undefined) throw new Error("The chain has no accounts");
    const { address: deployer } = account;
    const { hre, deployment, journalFolder } = suite;
    const strategy = "basic";
    const parameters = await readParameters(suite, module, deployer);
    const config = { requiredConfirmations: 1, blockPollingInterval: 10 };
    const common = { hre, module, parameters, deployer, deployment, strategy, config, journalFolder, tell } as const;
    const goOn = async (provider: Provider): Promise<string> => {
      await closeGap(suite, connection, deployer);
      return ignite({ ...common, connection: { ...connection, provider } }).then(() => "done", String);
    };

    const { length } = transactionsOf(module);
    for (let sent = 0; sent < length; sent += 1) {
      for (const when of ["before", "after"] as const)
        expect(await goOn(cutting(connection.provider, when))).to.equal("Error: The line is cut");
      expect(await connection.ethers.provider.getTransactionCount(deployer)).to.equal(sent + 1);
    }
    expect(await goOn(connection.provider)).to.equal("done");
    expect(await isComplete(suite, module)).to.equal(true);
    expect(await connection.ethers.provider.getTransactionCount(deployer)).to.equal(length);
  }).timeout(TIMEOUT);
});
