/** `suite plan`: every transaction of a deployment with its gas and its cost. No key is asked for, nothing is sent. */
import { relative } from "node:path";

import { dataSlice, formatUnits, getAddress, id, isAddress } from "ethers";

import { buildForDeployment } from "./build.ts";
import { coins, costTable } from "./cost.ts";
import { checkChain } from "./deploy.ts";
import { duration, forecast } from "./forecast.ts";
import { strategyOn } from "./ignite.ts";
import { EXIT, SuiteError } from "./outcome.ts";
import { parametersFile } from "./parameters.ts";
import { reader, suiteTask, type CommonArguments } from "./suite.ts";

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
  if (!noCompile) await buildForDeployment(suite.hre);
  const { network, hre, deployment } = suite;
  const live = await reader(suite);
  await checkChain(suite, live);
  const plan = await forecast(suite, live, from === "" ? ANYBODY : from);
  const balance = from === "" ? undefined : await live.ethers.provider.getBalance(from);
  const strategy = await strategyOn(live);
  const path = relative(hre.config.paths.root, parametersFile(suite));
  const option = deployment === "main" ? "" : ` --deployment ${deployment}`;
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
      `  ${balanceText(balance, needed, network.currency)}   next: npx hardhat suite deploy --network ${network.name}${option}`,
    ].join("\n"),
  };
});

function balanceText(balance: bigint | undefined, needed: bigint, currency: string): string {
  const least = `to have before it begins ${coins(needed, currency)}`;
  if (balance === undefined) return least;
  return `${least}; balance ${coins(balance, currency)}: ${balance >= needed ? "enough" : "too little"}`;
}
