/** A deployment that has not happened: done in private with the real parameters, priced with the real prices. */
import { Interface, type Result } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { unpackOptimisticRules } from "../../packages/sdk/src/codecs/optimisticRules.ts";
import { unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { unpackSessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { artifactsOf } from "./build.ts";
import { costsOf, type Costs } from "./cost.ts";
import { doneSteps } from "./journal.ts";
import { moduleFor } from "./module.ts";
import { SuiteError } from "./outcome.ts";
import { readParameters } from "./parameters.ts";
import { simulate, type Simulation } from "./simulation.ts";
import type { Suite } from "./suite.ts";

export interface Forecast extends Costs {
  /** Seconds that stake thaws, and that the longest job, or what follows a session, takes: the first must be more. */
  readonly thawPeriod: bigint;
  readonly longestPath: bigint;
}

/**
 * Deploys in private, and prices what an earlier run has left to do. The contracts themselves prove the bounds of every
 * number there.
 * @throws SuiteError with the refusal of the first contract that refuses.
 */
export async function forecast(suite: Suite, live: NetworkConnection, deployer: string): Promise<Forecast> {
  const module = moduleFor(suite);
  const parameters = await readParameters(suite, module, deployer);
  const simulation = await simulate(suite, live, module, parameters, deployer);
  const done = await doneSteps(suite);
  const left = simulation.costs.filter(({ step }) => !done.has(step));
  const costs = await costsOf(suite, live, left);
  const read = await readerOf(suite, simulation);
  const [thawPeriod] = await read("NodeStaking", "THAW_PERIOD");
  const drawn = await read("InferenceMarketplace", "governed");
  const single = await read("OptimisticMarketplace", "governed");
  const sessions = await read("InferenceSessions", "governed");
  const longestPath = [
    unpackRules(drawn["rules"] as string),
    unpackOptimisticRules(single["rules"] as string),
    unpackSessionRules(sessions["rules"] as string),
  ].reduce((longest, { horizonPeriod }) => (horizonPeriod > longest ? horizonPeriod : longest), 0n);
  if (typeof thawPeriod !== "bigint" || thawPeriod <= longestPath) {
    throw new SuiteError(
      `Stake thaws in ${String(thawPeriod)} s, and a job takes ${longestPath} s`,
      "Raise Staking.thawPeriod",
    );
  }
  return { ...costs, thawPeriod, longestPath };
}

async function readerOf({ hre }: Suite, { connection, contracts }: Simulation) {
  const names = Object.values(contracts).map(({ contractName }) => contractName);
  const artifacts = await artifactsOf(hre, names);
  return async (name: string, view: string): Promise<Result> => {
    const contract = Object.values(contracts).find(({ contractName }) => contractName === name);
    const abi = new Interface(artifacts[name]?.abi ?? []);
    if (contract === undefined) throw new Error(`The modules do not deploy ${name}`);
    const to = contract.address;
    return abi.decodeFunctionResult(
      view,
      await connection.ethers.provider.call({ to, data: abi.encodeFunctionData(view) }),
    );
  };
}

/** Seconds as people say them: 4 h 53 min. */
export function duration(seconds: bigint): string {
  const parts = [
    [seconds / 86_400n, "d"],
    [(seconds / 3_600n) % 24n, "h"],
    [(seconds / 60n) % 60n, "min"],
    [seconds % 60n, "s"],
  ] as const;
  const said = parts.filter(([amount]) => amount > 0n).slice(0, 2);
  return said.length === 0 ? "0 s" : said.map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}
