/** Commands to type next, as they must be typed for one deployment. */
import { DEFAULT_DEPLOYMENT } from "./networks.ts";
import type { Suite } from "./suite.ts";

/** How to set a secret that is not there. */
export const setSecret = (name: string): string => `npx hardhat keystore set ${name}, or ${name} in the environment`;

/** How to replace a wrong one. */
export const replaceSecret = (name: string): string =>
  `npx hardhat keystore set --force ${name}; where ${name} is in the environment, correct it there: that goes first`;

/** A command of the suite for this very deployment. */
export const commandOf = ({ network, deployment }: Suite, task: string): string =>
  commandFor({ network: network.name, name: deployment }, task);

/** The same for a deployment by its names, as its file has them. */
export function commandFor({ network, name }: Readonly<Record<"network" | "name", string>>, task: string): string {
  const option = name === DEFAULT_DEPLOYMENT ? "" : ` --deployment ${name}`;
  return `npx hardhat suite ${task} --network ${network}${option}`;
}
