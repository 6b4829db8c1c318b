/**
 * What a deployment must look like: its transactions once more, from the sources that are here, on a chain in this
 * process, by the same account, with the same nonces and at the same times. Code with its immutables, events and state
 * then are equal byte for byte, or the chain has something else.
 */
import { Interface, toQuantity } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type { Artifact } from "@nomicfoundation/ignition-core";

import { artifactsOf } from "./build.ts";
import { isContract, type DeploymentFile, type DeploymentStep } from "./deploymentFile.ts";
import { CREATEX, saltOf } from "./ignite.ts";
import { SuiteError } from "./outcome.ts";
import { privateChain } from "./simulation.ts";
import type { Suite } from "./suite.ts";

const CreateX = new Interface(["function deployCreate2(bytes32 salt, bytes initCode) payable returns (address)"]);

export interface Replay {
  readonly connection: NetworkConnection;
  readonly artifacts: Readonly<Record<string, Artifact>>;
  /** The transactions there, in the order of the steps. */
  readonly transactions: readonly string[];
}

export async function replay(suite: Suite, live: NetworkConnection, file: DeploymentFile): Promise<Replay> {
  const artifacts = await artifactsOf(suite.hre, [...new Set(file.steps.map(({ contract }) => contract))]);
  const connection = await privateChain(suite, file.strategy, live, file.deployer);
  const transactions = await suite.during("deploys again in private", file.steps.length, async (tell) => {
    const hashes: string[] = [];
    for (const step of file.steps) {
      const artifact = artifacts[step.contract];
      if (artifact === undefined) throw new Error(`No artifact of ${step.contract}`);
      hashes.push(await repeat(live, connection, file, step, artifact));
      tell.step();
    }
    return hashes;
  });
  return { connection, artifacts, transactions };
}

/** A step once more, with its nonce and at its time. */
async function repeat(
  live: NetworkConnection,
  connection: NetworkConnection,
  file: DeploymentFile,
  step: DeploymentStep,
  { abi, bytecode }: Artifact,
): Promise<string> {
  const block = await live.ethers.provider.getBlock(step.block);
  if (block === null) throw new SuiteError(`The RPC does not have block ${step.block}`, "Take another RPC");
  await connection.provider.request({ method: "hardhat_setNonce", params: [file.deployer, toQuantity(step.nonce)] });
  await connection.provider.request({ method: "evm_setNextBlockTimestamp", params: [block.timestamp] });
  return send(connection, file, requestOf(file, step, new Interface(abi), bytecode));
}

function requestOf(file: DeploymentFile, step: DeploymentStep, abi: Interface, bytecode: string): Request {
  if (!isContract(step)) return { to: step.to, data: abi.encodeFunctionData(step.function, step.arguments) };
  const data = bytecode + abi.encodeDeploy(step.constructorArguments).slice(2);
  if (file.strategy === "basic") return { data };
  return { to: CREATEX, data: CreateX.encodeFunctionData("deployCreate2", [saltOf(file.deployer, file.name), data]) };
}

interface Request {
  readonly to?: string;
  readonly data: string;
}

async function send({ ethers }: NetworkConnection, { deployer }: DeploymentFile, request: Request): Promise<string> {
  const account = await ethers.getSigner(deployer);
  const sent = await account.sendTransaction(request);
  await sent.wait();
  return sent.hash;
}
