/** The contracts of an exported deployment, ready to be asked. */
import { Contract, Interface, type InterfaceAbi } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { artifactsOf } from "./build.ts";
import { isContract, type DeploymentFile } from "./deploymentFile.ts";
import { SuiteError } from "./outcome.ts";

/** Asks a view of a contract, by their names, for its first result. */
export type Ask = (key: string, view: string, ...args: readonly unknown[]) => Promise<unknown>;

/** A contract by its name in the address book. */
export type Find = (key: string) => Contract;

/** Finds the contracts of a file on a chain. */
export async function finder(
  hre: HardhatRuntimeEnvironment,
  { ethers }: NetworkConnection,
  file: DeploymentFile,
): Promise<Find> {
  const steps = file.steps.filter(isContract);
  const artifacts = await artifactsOf(hre, [...new Set(steps.map(({ contract }) => contract))]);
  return (key) => {
    const step = steps.find((candidate) => candidate.key === key);
    if (step === undefined)
      throw new SuiteError(`The deployment ${file.name} has no ${key}`, "Choose another --deployment");
    const abi = (artifacts[step.contract]?.abi ?? []) as InterfaceAbi;
    return new Contract(step.address, new Interface(abi), ethers.provider);
  };
}

/** Asks through a finder. */
export const asker =
  (find: Find): Ask =>
  async (key, view, ...args) =>
    (
      await find(key)
        .getFunction(view)
        .staticCallResult(...args)
    )[0] as unknown;
