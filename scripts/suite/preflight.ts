/** `suite preflight`: all that can be known to go wrong, before anything is spent. */
import { relative } from "node:path";

import { formatUnits, HDNodeWallet, ZeroAddress } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { artifactsOf, buildForDeployment, checkedCompiler, contractsOf, describe } from "./build.ts";
import { commandOf } from "./commands.ts";
import { coins } from "./cost.ts";
import { explained, rpcFix } from "./explained.ts";
import { duration, forecast, type Forecast } from "./forecast.ts";
import { strategyOn } from "./ignite.ts";
import { moduleFor } from "./module.ts";
import { rpcVariable } from "./networks.ts";
import { exitCodeOf, findingsText, SuiteError, type Finding } from "./outcome.ts";
import { parametersFile } from "./parameters.ts";
import { refusePublicAccount } from "./publicAccounts.ts";
import { probeSeeds, runsOsaka } from "./probes.ts";
import { deployerOf, reader, suiteTask, type CommonArguments, type Suite } from "./suite.ts";

interface Arguments extends CommonArguments {
  readonly noCompile: boolean;
}

/** Milliseconds after which each of many answers is a nuisance. */
const SLOW = 2_000;
/** Blocks of events that the daemon asks for at once. */
const LOG_RANGE = 10_000;

export default suiteTask<Arguments>(async (suite, { noCompile }) => {
  if (!noCompile) await buildForDeployment(suite);
  const findings = [supportFinding(suite)];
  let live: NetworkConnection | undefined;
  findings.push(
    await checked(suite, "chain", async () => {
      live = await reader(suite);
      return { item: "chain", level: "ok", says: `${suite.network.title}, ${suite.network.chainId}` };
    }),
  );
  if (live !== undefined) findings.push(...(await findingsOf(suite, live)));
  const failed = findings.filter(({ level }) => level === "FAIL").length;
  const warned = findings.filter(({ level }) => level === "warn").length;
  const { name } = suite.network;
  const verdict = failed === 0 ? `ready; next: ${commandOf(suite, "deploy")}` : "not ready";
  return {
    exitCode: exitCodeOf(findings),
    report: { network: name, deployment: suite.deployment, findings },
    text: `${findingsText(findings)}\n  ${failed} failed, ${warned} warnings: ${verdict}`,
  };
});

async function findingsOf(suite: Suite, live: NetworkConnection): Promise<Finding[]> {
  const findings = [
    await checked(suite, "rpc", () => rpcFinding(suite, live)),
    await checked(suite, "logs", () => logsFinding(suite, live)),
    await checked(suite, "seeds", () => seedsFinding(live)),
    await checked(suite, "evm", () => evmFinding(live)),
    await checked(suite, "createx", () => createxFinding(live)),
    await checked(suite, "compiler", () => compilerFinding(suite)),
    await checked(suite, "key", () => keyFinding(suite)),
  ];
  const deployer = await deployerOf(suite).catch(() => undefined);
  let costs: Forecast | undefined;
  findings.push(
    await checked(suite, "parameters", async () => {
      costs = await forecast(suite, live, deployer ?? HDNodeWallet.createRandom().address);
      return parametersFinding(suite, costs);
    }),
  );
  if (costs !== undefined) findings.push(costFinding(suite, costs));
  if (deployer === undefined) return findings;
  const { needed } = costs ?? {};
  if (needed !== undefined)
    findings.push(await checked(suite, "balance", () => balanceFinding(suite, live, deployer, needed)));
  findings.push(await checked(suite, "nonce", () => nonceFinding(live, deployer)));
  return findings;
}

/** An item that cannot even be asked has failed. */
async function checked(suite: Suite, item: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    const known = explained(error, suite);
    const says = known instanceof Error ? known.message : String(known);
    return { item, level: "FAIL", says, fix: known instanceof SuiteError ? known.fix : rpcFix(suite.network) };
  }
}

function supportFinding({ network }: Suite): Finding {
  const { supportEndsOn, title } = network;
  if (supportEndsOn === null) return { item: "support", level: "ok", says: `no end of ${title} is announced` };
  const passed = Date.parse(supportEndsOn) < Date.now();
  if (!passed) return { item: "support", level: "ok", says: `${title} is supported until ${supportEndsOn}` };
  const says = `the announced end of support of ${title}, ${supportEndsOn}, has passed`;
  return {
    item: "support",
    level: "warn",
    says,
    fix: "Make sure that it will run for as long as you need it, or choose another --network",
  };
}

async function rpcFinding({ network }: Suite, { ethers }: NetworkConnection): Promise<Finding> {
  const before = Date.now();
  const head = await ethers.provider.getBlock("latest");
  const latency = Date.now() - before;
  const age = Math.round(Date.now() / 1_000) - (head?.timestamp ?? 0);
  const most = Math.max(60, Math.ceil(20 * network.blockPeriod));
  const says = `${latency} ms, block ${head?.number ?? "?"} is ${age} s old`;
  const fix = rpcFix(network);
  // A development chain stands still while nothing happens on it.
  if (network.kind !== "development" && age > most)
    return { item: "rpc", level: "FAIL", says: `${says}, at most ${most}`, fix };
  if (age < -most)
    return {
      item: "rpc",
      level: "FAIL",
      says: `${says}: one of the two clocks is wrong`,
      fix: "Set this machine's clock",
    };
  return latency > SLOW
    ? { item: "rpc", level: "warn", says: `${says}; slow above ${SLOW} ms`, fix }
    : { item: "rpc", level: "ok", says };
}

async function logsFinding({ network }: Suite, { ethers }: NetworkConnection): Promise<Finding> {
  const head = await ethers.provider.getBlockNumber();
  const fromBlock = Math.max(0, head - LOG_RANGE + 1);
  try {
    await ethers.provider.getLogs({ address: ZeroAddress, fromBlock, toBlock: head });
    return { item: "logs", level: "ok", says: `events of ${head - fromBlock + 1} blocks at once` };
  } catch (error) {
    const says = `no events of ${head - fromBlock + 1} blocks at once: ${error instanceof Error ? error.message : String(error)}`;
    return { item: "logs", level: "warn", says, fix: `It only takes longer; or set ${rpcVariable(network.name)}` };
  }
}

/** Threat T049. */
async function seedsFinding(live: NetworkConnection): Promise<Finding> {
  const { number, hash, expected } = await probeSeeds(live);
  if (hash === expected) return { item: "seeds", level: "ok", says: `contracts see the hash of block ${number - 1n}` };
  return {
    item: "seeds",
    level: "warn",
    says: `contracts see block ${number} and the hash ${hash} of the one before, nodes ${expected ?? "no such block"}: draws have no sound seed here`,
    fix: "Use drawn jobs and audits on another network; jobs that one node answers need no seed",
  };
}

async function evmFinding(live: NetworkConnection): Promise<Finding> {
  if (await runsOsaka(live)) return { item: "evm", level: "ok", says: "runs code of Osaka" };
  return {
    item: "evm",
    level: "FAIL",
    says: "does not run code of Osaka, for which the compiler makes it",
    fix: "Choose another --network",
  };
}

async function createxFinding(live: NetworkConnection): Promise<Finding> {
  const there = (await strategyOn(live)) === "create2";
  return {
    item: "createx",
    level: there ? "ok" : "note",
    says: there ? "addresses as on every chain" : "not there: addresses are of this chain alone",
  };
}

async function compilerFinding(suite: Suite): Promise<Finding> {
  const artifacts = await artifactsOf(suite.hre, contractsOf(moduleFor(suite)));
  return { item: "compiler", level: "ok", says: describe(await checkedCompiler(suite.hre, artifacts)) };
}

async function keyFinding(suite: Suite): Promise<Finding> {
  const address = await deployerOf(suite);
  refusePublicAccount(suite, address);
  return { item: "key", level: "ok", says: address };
}

function parametersFinding(suite: Suite, { thawPeriod, longestPath }: Forecast): Finding {
  const path = relative(suite.hre.config.paths.root, parametersFile(suite));
  const says = `${path}: every contract takes them; thaw ${duration(thawPeriod)} > longest path ${duration(longestPath)}`;
  return { item: "parameters", level: "ok", says };
}

function costFinding({ network }: Suite, { gas, cost, prices, steps }: Forecast): Finding {
  if (steps.length === 0) return { item: "cost", level: "ok", says: "nothing is left to be sent" };
  const price = `${formatUnits(prices.gasPrice, "gwei")} gwei`;
  return {
    item: "cost",
    level: "ok",
    says: `${coins(cost, network.currency)}: ${gas.toLocaleString("en")} gas in ${steps.length} transactions at ${price}`,
  };
}

async function balanceFinding(
  { network }: Suite,
  { ethers }: NetworkConnection,
  deployer: string,
  needed: bigint,
): Promise<Finding> {
  const balance = await ethers.provider.getBalance(deployer);
  const says = `${coins(balance, network.currency)}; needed ${coins(needed, network.currency)}`;
  if (balance >= needed) return { item: "balance", level: "ok", says };
  const source = network.faucets.length === 0 ? "" : `; for example from ${network.faucets.join(" or ")}`;
  return {
    item: "balance",
    level: "FAIL",
    says,
    fix: `send ${coins(needed - balance, network.currency)} to ${deployer}${source}`,
  };
}

async function nonceFinding({ ethers }: NetworkConnection, deployer: string): Promise<Finding> {
  const [mined, pending] = [
    await ethers.provider.getTransactionCount(deployer),
    await ethers.provider.getTransactionCount(deployer, "pending"),
  ];
  if (mined === pending) return { item: "nonce", level: "ok", says: `${mined}, nothing is pending` };
  return {
    item: "nonce",
    level: "warn",
    says: `${mined}, and ${pending - mined} transactions are pending`,
    fix: "deploy waits for them; replace those that nobody takes",
  };
}
