/** Ignition's journal: what it can answer, and the one gap that a kill can leave in it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { status, trackTransaction, type IgnitionModule, type StatusResult } from "@nomicfoundation/ignition-core";
import type { NetworkConnection } from "hardhat/types/network";
import { z } from "zod";

import { SuiteError } from "./outcome.ts";
import { futuresOf } from "./parameters.ts";
import type { Suite } from "./suite.ts";

const Message = z.looseObject({ type: z.string() });
const Sending = z.object({ futureId: z.string(), networkInteractionId: z.number(), nonce: z.number() });

const pathOf = ({ journalFolder }: Suite): string => join(journalFolder, "journal.jsonl");

/** Whether anything was ever done for this deployment. */
export const hasJournal = (suite: Suite): boolean => existsSync(pathOf(suite));

/** What is done, and where the contracts are. */
export const journalStatus = ({ journalFolder }: Suite): Promise<StatusResult> => status(journalFolder);

/** Whether all steps of a module are done. */
export async function isComplete(suite: Suite, module: IgnitionModule): Promise<boolean> {
  if (!hasJournal(suite)) return false;
  const { successful } = await journalStatus(suite);
  return [...futuresOf(module)].every(({ id }) => successful.includes(id));
}

/** Nonces for which a transaction was prepared, and no hash was written down. */
export function unrecordedNonces(suite: Suite): number[] {
  if (!hasJournal(suite)) return [];
  const messages = readFileSync(pathOf(suite), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Message.parse(JSON.parse(line)));
  const sendings = (type: string) =>
    messages.filter((message) => message.type === type).map((found) => Sending.parse(found));
  const sent = new Set(sendings("TRANSACTION_SEND").map(({ nonce }) => nonce));
  return sendings("TRANSACTION_PREPARE_SEND")
    .map(({ nonce }) => nonce)
    .filter((nonce) => !sent.has(nonce));
}

/**
 * Tells Ignition of transactions that left this machine in the moment in which it was stopped: it would send them again,
 * and deploy a contract twice.
 */
export async function recoverSent(suite: Suite, connection: NetworkConnection, sender: string): Promise<void> {
  for (const nonce of unrecordedNonces(suite)) {
    const hash = await transactionOf(connection, sender, nonce);
    if (hash === undefined) continue;
    suite.say(`  found the transaction of nonce ${nonce} that an earlier run has sent: ${hash}`);
    await trackTransaction(suite.journalFolder, hash, connection.provider, suite.network.confirmations);
  }
}

/** The transaction of a sender with a nonce, or undefined while there is none. By bisection: no node has an index. */
async function transactionOf(
  { ethers }: NetworkConnection,
  sender: string,
  nonce: number,
): Promise<string | undefined> {
  const { provider } = ethers;
  let [below, at] = [-1, await provider.getBlockNumber()];
  if ((await provider.getTransactionCount(sender, at)) <= nonce) return undefined;
  while (at - below > 1) {
    const middle = Math.floor((below + at) / 2);
    if ((await provider.getTransactionCount(sender, middle)) > nonce) at = middle;
    else below = middle;
  }
  const block = await provider.getBlock(at, true);
  const found = block?.prefetchedTransactions.find((sent) => sent.from === sender && sent.nonce === nonce);
  if (found === undefined) {
    throw new SuiteError(
      `Block ${at} must have the transaction of ${sender} with nonce ${nonce}, and has none: the RPC contradicts itself`,
      "Try again; if it stays so, take another RPC",
    );
  }
  return found.hash;
}

/**
 * Waits until what the deployer has sent is as deep as the network file asks: Ignition refuses to build on less.
 * @throws SuiteError when nothing moves for two minutes.
 */
export async function settleSent(suite: Suite, { ethers }: NetworkConnection, sender: string): Promise<void> {
  const { confirmations, blockPeriod } = suite.network;
  const patience = 120_000;
  const { provider } = ethers;
  let [least, since] = [-1, Date.now()];
  for (;;) {
    const [head, pending] = [await provider.getBlockNumber(), await provider.getTransactionCount(sender, "pending")];
    const deep = head - confirmations + 1;
    const settled = deep < 0 ? 0 : await provider.getTransactionCount(sender, deep);
    if (settled >= pending) return;
    if (settled > least) [least, since] = [settled, Date.now()];
    else if (Date.now() - since > patience) {
      throw new SuiteError(
        `${pending - settled} transactions of ${sender} are without ${confirmations} confirmations for ${patience / 1_000} s`,
        "Wait until the network takes them, or replace them with the same nonce and a higher price; then run this again",
      );
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(blockPeriod * 1_000, 2_000)));
  }
}
