import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import type { NetworkConnection } from "hardhat/types/network";

import { ignite } from "../../scripts/suite/ignite.ts";
import { closeGaps, isComplete } from "../../scripts/suite/journal.ts";
import { moduleFor, transactionsOf } from "../../scripts/suite/module.ts";
import { readParameters } from "../../scripts/suite/parameters.ts";
import { chainOf, suiteOn, tell } from "./stage.ts";

type Provider = NetworkConnection["provider"];

/** Milliseconds: each transaction is reached anew from the first. */
const TIMEOUT = 180_000;
const CUT = "Error: The line is cut";

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

/** A deployment that can be stopped and gone on with, on a chain of its own. */
async function resumable() {
  const suite = suiteOn("base-sepolia");
  const module = moduleFor(suite);
  const connection = await chainOf(suite);
  const [account] = await connection.ethers.getSigners();
  if (account === undefined) throw new Error("The chain has no accounts");
  const { address: deployer } = account;
  const { hre, deployment, journalFolder } = suite;
  const strategy = "basic";
  const parameters = await readParameters(suite, module, deployer);
  const config = { requiredConfirmations: 1, blockPollingInterval: 10 };
  const common = { hre, module, parameters, deployer, deployment, strategy, config, journalFolder, tell } as const;
  return {
    steps: transactionsOf(module).length,
    line: connection.provider,
    journal: join(journalFolder, "journal.jsonl"),
    sent: () => connection.ethers.provider.getTransactionCount(deployer),
    isComplete: () => isComplete(suite, module),
    goOn: async (provider: Provider): Promise<string> => {
      await closeGaps(suite, connection, deployer);
      return ignite({ ...common, connection: { ...connection, provider } }).then(() => "done", String);
    },
  };
}

describe("A deployment whose line is cut", () => {
  it("at every transaction, before and after the chain has it, sends each of them once [T121]", async () => {
    const { steps, line, sent, isComplete, goOn } = await resumable();
    for (let done = 0; done < steps; done += 1) {
      for (const when of ["before", "after"] as const) expect(await goOn(cutting(line, when))).to.equal(CUT);
      expect(await sent()).to.equal(done + 1);
    }
    expect(await goOn(line)).to.equal("done");
    expect(await isComplete()).to.equal(true);
    expect(await sent()).to.equal(steps);
  }).timeout(TIMEOUT);
});

describe("A deployment that is killed", () => {
  it("after any line of its journal before the first transaction goes on from there [T121]", async () => {
    const { steps, line, journal, sent, isComplete, goOn } = await resumable();
    expect(await goOn(cutting(line, "before"))).to.equal(CUT);
    const lines = readFileSync(journal, "utf8").split(/(?<=\n)/);
    expect(lines.some((message) => message.includes("DEPLOYMENT_EXECUTION_STATE_INITIALIZE"))).to.equal(true);
    for (let kept = 1; kept <= lines.length; kept += 1) {
      writeFileSync(journal, lines.slice(0, kept).join(""));
      expect(await goOn(cutting(line, "before")), `after line ${kept}`).to.equal(CUT);
    }
    expect(await sent()).to.equal(0);
    expect(await goOn(line)).to.equal("done");
    expect(await isComplete()).to.equal(true);
    expect(await sent()).to.equal(steps);
  }).timeout(TIMEOUT);
});
