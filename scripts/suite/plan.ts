/** `suite plan`: every transaction of a deployment with its gas and its cost. No key is asked for, nothing is sent. */
import { relative } from "node:path";

import { dataSlice, formatUnits, getAddress, id, isAddress } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { buildForDeployment } from "./build.ts";
import { commandOf } from "./commands.ts";
import { coins, costTable } from "./cost.ts";
import { duration, forecast } from "./forecast.ts";
import { strategyOn } from "./ignite.ts";
import { EXIT, SuiteError, type Outcome } from "./outcome.ts";
import { parametersFile } from "./parameters.ts";
import { deployerOf, reader, suiteTask, type CommonArguments, type Suite } from "./suite.ts";

interface Arguments extends CommonArguments {
  readonly from: string;
  readonly noCompile: boolean;
}

/** Stands for whoever will deploy: what a step costs does not depend on who it is. */
const ANYBODY = getAddress(dataSlice(id("OPG Protocol, whoever deploys"), 12));

export default suiteTask<Arguments>(async (suite, { from, noCompile }) => {
  if (from !== "" && !isAddress(from)) {
    throw new SuiteError(
      `${JSON.stringify(from)} is no address`,
      "--from with the deployer's, or without",
      EXIT.wrongUse,
    );
  }
  if (!noCompile) await buildForDeployment(suite);
  const live = await reader(suite);
  // A development node tells who deploys without being asked for a key.
  const known = suite.network.kind === "development" ? await deployerOf(suite) : undefined;
  return planOf(suite, live, from === "" ? known : from);
});

/** What `deploy` would send now, by an account or by whoever comes. */
export async function planOf(suite: Suite, live: NetworkConnection, from?: string): Promise<Outcome> {
  const { network, hre, deployment } = suite;
  const plan = await forecast(suite, live, from ?? ANYBODY);
  if (plan.steps.length === 0) return nothingToDo(suite);
  const balance = from === undefined ? undefined : await live.ethers.provider.getBalance(from);
  const strategy = await strategyOn(live);
  const path = relative(hre.config.paths.root, parametersFile(suite));
  const { steps, gas, cost, needed, prices, thawPeriod, longestPath } = plan;
  return {
    exitCode: EXIT.done,
    report: {
      network: network.name,
      deployment,
      strategy,
      parameters: path,
      steps,
      gas,
      cost,
      needed,
      ...prices,
      balance,
      thawPeriod,
      longestPath,
    },
    text: [
      `  parameters  ${path}   form and bounds ok   deadlines nest: thaw ${duration(thawPeriod)} > longest path ${duration(longestPath)}`,
      `  gas price   ${formatUnits(prices.gasPrice, "gwei")} gwei   addresses by ${strategy === "create2" ? "CreateX, the same on every chain" : "nonce: there is no CreateX here"}`,
      costTable(plan, network.currency),
      `  ${balanceText(balance, needed, network.currency)}   next: ${commandOf(suite, "deploy")}`,
    ].join("\n"),
  };
}

/** All of it is there. */
export const nothingToDo = ({ network, deployment }: Suite): Outcome => ({
  exitCode: EXIT.nothingToDo,
  report: { network: network.name, deployment, transactions: [] },
  text: `  Nothing to do: ${deployment} is deployed on ${network.name}.`,
});

function balanceText(balance: bigint | undefined, needed: bigint, currency: string): string {
  const least = `to have before it begins ${coins(needed, currency)}`;
  if (balance === undefined) return least;
  return `${least}; balance ${coins(balance, currency)}: ${balance >= needed ? "enough" : "too little"}`;
}
