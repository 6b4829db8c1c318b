import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { ethers } from "./network.ts";

/** An operator: a cold key that owns a node, and the hot key that acts for it. The node is named by the owner's address. */
export interface Operator {
  readonly owner: HardhatEthersSigner;
  readonly signer: HardhatEthersSigner;
  readonly node: string;
}

/** The cast of all tests. The deployer holds the supply, as `local.json5` says, and is admin and guardian until control is handed over. */
export interface Actors {
  readonly deployer: HardhatEthersSigner;
  readonly requester: HardhatEthersSigner;
  readonly publisher: HardhatEthersSigner;
  readonly delegator: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly thief: HardhatEthersSigner;
  readonly operators: readonly Operator[];
}

const FIRST_OPERATOR = 10;

export async function actors(): Promise<Actors> {
  const signers = await ethers.getSigners();
  const at = (index: number) => {
    const signer = signers[index];
    if (signer === undefined) throw new Error(`The network has no account ${index}`);
    return signer;
  };
  const count = (signers.length - FIRST_OPERATOR) / 2;
  const operators = Array.from({ length: count }, (_, i) => {
    const owner = at(FIRST_OPERATOR + 2 * i);
    return { owner, signer: at(FIRST_OPERATOR + 2 * i + 1), node: owner.address };
  });
  return {
    deployer: at(0),
    requester: at(1),
    publisher: at(2),
    delegator: at(3),
    stranger: at(4),
    thief: at(5),
    operators,
  };
}

/** The one element of a list that has exactly one. */
export function only<T>(list: readonly T[]): T {
  const [first, second] = list;
  if (first === undefined || second !== undefined) throw new Error(`A list of ${list.length} was to have one element`);
  return first;
}

/** An element that must be there. */
export function nth<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new Error(`There is no element ${index} of ${list.length}`);
  return element;
}
