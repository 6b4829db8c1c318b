/** `suite export`: from Ignition's journal and the chain to `deployments/<chainId>/<name>.json`. */
import { relative } from "node:path";

import {
  listTransactions,
  TransactionStatus,
  type IgnitionModule,
  type TransactionInfo,
} from "@nomicfoundation/ignition-core";
import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { keccak256 } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { z } from "zod";

import { commandOf } from "./commands.ts";
import { isContract, isNews, writeDeploymentFile, type DeploymentFile, type DeploymentStep } from "./deploymentFile.ts";
import { moduleFor } from "./module.ts";
import { isComplete, journalStatus } from "./journal.ts";
import { EXIT, SuiteError, toJson } from "./outcome.ts";
import { readRecord, type DeploymentRecord } from "./record.ts";
import { reader, suiteTask, type CommonArguments, type Suite } from "./suite.ts";

const ConstructorArguments = z.array(z.json());

interface Arguments extends CommonArguments {
  readonly dryRun: boolean;
}

export default suiteTask<Arguments>(async (suite, { dryRun }) => {
  const { network, deployment, exportFile, hre } = suite;
  const record = readRecord(suite);
  if (record === undefined || !(await isComplete(suite, moduleFor(suite)))) {
    throw new SuiteError(`${deployment} is not wholly deployed on ${network.name}`, commandOf(suite, "deploy"));
  }
  const live = await reader(suite);
  const file = await fileOf(suite, live, record);
  const { startBlock, addresses, steps } = file;
  const changed = isNews(suite, file);
  if (changed && !dryRun) writeDeploymentFile(suite, file);
  const path = relative(hre.config.paths.root, exportFile);
  const wrote = dryRun ? "would write" : "wrote";
  return {
    exitCode: changed ? EXIT.done : EXIT.nothingToDo,
    report: { file: path, changed, startBlock, addresses },
    text: changed ? `  ${wrote} ${path}: ${steps.length} transactions` : `  Nothing to do: ${path} says it already.`,
  };
});

/** What there is to say of a finished deployment. */
export async function fileOf(suite: Suite, live: NetworkConnection, record: DeploymentRecord): Promise<DeploymentFile> {
  const steps = await stepsOf(suite, live);
  const addresses = Object.fromEntries(steps.filter(isContract).map(({ key, address }) => [key, address]));
  const startBlock = Math.min(...steps.map(({ block }) => block));
  return { ...record, name: suite.deployment, network: suite.network.name, startBlock, addresses, steps };
}

/** All that the journal calls done, as the chain has it. */
async function stepsOf(suite: Suite, live: NetworkConnection): Promise<DeploymentStep[]> {
  const resolver = new HardhatArtifactResolver(suite.hre.artifacts);
  const sent = await listTransactions(suite.journalFolder, resolver);
  const done = sent.filter(({ status }) => status === TransactionStatus.SUCCESS);
  const { contracts } = await journalStatus(suite);
  const keys = keysOf(moduleFor(suite));
  const keyOf = (address: string): string => {
    const { id, contractName } = Object.values(contracts).find((contract) => contract.address === address) ?? {};
    return keys.get(id ?? "") ?? contractName ?? address;
  };
  const steps = await suite.during("reads what was sent", done.length, (tell) =>
    Promise.all(
      done.map(async (info) => {
        const step = await stepOf(live, info, keyOf);
        tell.step();
        return step;
      }),
    ),
  );
  return steps.sort((a, b) => a.nonce - b.nonce);
}

/** The names in the address book, by the steps that deploy. */
const keysOf = ({ results }: IgnitionModule): ReadonlyMap<string, string> =>
  new Map(Object.entries(results).map(([key, { id }]) => [id, key]));

async function stepOf(
  { ethers }: NetworkConnection,
  { txHash, name = "", address, to, params = [] }: TransactionInfo,
  keyOf: (address: string) => string,
): Promise<DeploymentStep> {
  const { provider } = ethers;
  const [receipt, transaction] = [await provider.getTransactionReceipt(txHash), await provider.getTransaction(txHash)];
  if (receipt?.status !== 1 || transaction === null) {
    throw new SuiteError(
      `The journal calls ${txHash} done, and the chain does not have it`,
      "Wait and try again; after a reorganisation run `suite deploy` again",
    );
  }
  const common = { transaction: txHash, nonce: transaction.nonce, block: receipt.blockNumber };
  const args = ConstructorArguments.parse(JSON.parse(toJson(params)));
  if (address === undefined) {
    const [contract = "", method = ""] = name.split("#");
    return { kind: "call", to: to ?? "", contract, function: method, arguments: args, ...common };
  }
  const code = await provider.getCode(address);
  if (code === "0x")
    throw new SuiteError(`There is no code at ${address}, where ${name} should be`, "Take another RPC");
  return {
    kind: "contract",
    key: keyOf(address),
    contract: name,
    address,
    constructorArguments: args,
    codeHash: keccak256(code),
    ...common,
  };
}
