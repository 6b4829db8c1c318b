import { setTimeout as sleep } from "node:timers/promises";

import type { Stack } from "./stack.ts";

/** Milliseconds between the blocks that the local chain makes without transactions. */
const INTERVAL = 500;
const POLLING = 50;
/** Milliseconds that a page may take to send something. */
const PATIENCE = 20_000;

/** Does something while the chain makes no blocks but those that are asked for; what others send waits until it is over. */
export async function withoutBlocks(stack: Stack, work: () => Promise<void>): Promise<void> {
  const { provider } = stack;
  await provider.send("evm_setIntervalMining", [0]);
  await provider.send("evm_setAutomine", [false]);
  try {
    await work();
  } finally {
    await provider.send("evm_setAutomine", [true]);
    await provider.send("evm_setIntervalMining", [INTERVAL]);
  }
}

/**
 * Makes one block, as soon as an account has sent what is to be in it.
 * @throws if it sends nothing.
 */
export async function mineFor({ provider }: Stack, account: string): Promise<void> {
  const mined = await provider.getTransactionCount(account, "latest");
  const end = Date.now() + PATIENCE;
  while ((await provider.getTransactionCount(account, "pending")) === mined) {
    if (Date.now() > end) throw new Error(`${account} has sent nothing`);
    await sleep(POLLING);
  }
  await provider.send("evm_mine", []);
}
