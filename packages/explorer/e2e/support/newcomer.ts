import { type HDNodeWallet, parseEther, Wallet } from "ethers";

import { roles } from "../../../../scripts/demo/roles.ts";
import { fund } from "./content.ts";
import type { Stack } from "./stack.ts";

const GAS_MONEY = parseEther("10");

/** An account that has done nothing yet, with so much OPG, and ETH to pay for gas. */
export async function newcomer(stack: Stack, opg: string): Promise<HDNodeWallet> {
  const account = Wallet.createRandom();
  const { signer } = await stack.client(roles.deployer);
  const sent = await signer?.sendTransaction({ to: account.address, value: GAS_MONEY });
  await sent?.wait();
  await fund(stack, account.address, opg);
  return account;
}
