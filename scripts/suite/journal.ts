/** Ignition's journal: what it can answer, and the gaps that a kill can leave in it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { status, trackTransaction, wipe, type IgnitionModule, type StatusResult } from "@nomicfoundation/ignition-core";
import type { NetworkConnection } from "hardhat/types/network";
import { z } from "zod";

import { futuresOf } from "./module.ts";
import { SuiteError } from "./outcome.ts";
import type { Suite } from "./suite.ts";

const Message = z.looseObject({ type: z.string(), futureId: z.string().optional() });
type Message = z.infer<typeof Message>;
const Sending = z.object({ futureId: z.string(), nonce: z.number() });

const pathOf = ({ journalFolder }: Suite): string => join(journalFolder, "journal.jsonl");

/** Whether anything was ever done for this deployment. */
export const hasJournal = (suite: Suite): boolean => existsSync(pathOf(suite));

/** What is done, and where the contracts are. */
export const journalStatus = ({ journalFolder }: Suite): Promise<StatusResult> => status(journalFolder);

/** The steps that are done. */
export const doneSteps = async (suite: Suite): Promise<ReadonlySet<string>> =>
  new Set(hasJournal(suite) ? (await journalStatus(suite)).successful : []);

/** Whether all steps of a module are done. */
export async function isComplete(suite: Suite, module: IgnitionModule): Promise<boolean> {
  const done = await doneSteps(suite);
  return [...futuresOf(module)].every(({ id }) => done.has(id));
}

function messagesOf(suite: Suite): readonly Message[] {
  return readFileSync(pathOf(suite), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Message.parse(JSON.parse(line)));
}

/** What the journal says last of each step. */
function lastOf(messages: readonly Message[]): readonly Message[] {
  const last = new Map<string, Message>();
  for (const message of messages) if (message.futureId !== undefined) last.set(message.futureId, message);
  return [...last.values()];
}

/** Steps for which a transaction was prepared, and no hash was written down. */
function unrecorded(messages: readonly Message[]): readonly z.infer<typeof Sending>[] {
  const sendings = (of: readonly Message[], type: string) =>
    of.filter((message) => message.type === type).map((message) => Sending.parse(message));
  // A second one for a higher price has a first one of the same nonce, which Ignition knows.
  const sent = new Set(sendings(messages, "TRANSACTION_SEND").map(({ futureId, nonce }) => `${futureId} ${nonce}`));
  return sendings(lastOf(messages), "TRANSACTION_PREPARE_SEND").filter(
    ({ futureId, nonce }) => !sent.has(`${futureId} ${nonce}`),
  );
}

/** Steps that were begun and not yet asked of the chain: Ignition holds that there are none, and stops at one. */
function barelyBegun(messages: readonly Message[]): readonly string[] {
  return lastOf(messages)
    .filter(({ type }) => /^(DEPLOYMENT|CALL|SEND_DATA)_EXECUTION_STATE_INITIALIZE$/.test(type))
    .map(({ futureId }) => z.string().parse(futureId));
}

/**
 * Closes the gaps. A step that was begun and not asked of the chain is forgotten, and begins anew. Between the moment in
 * which a transaction is prepared and the one in which its hash is written down it may have left this machine: of one that
 * has Ignition is told, or it would deploy a contract twice. One that has not is forgotten; should it still be on its way,
 * the next one has the same nonce, and a chain takes one of them.
 */
export async function closeGaps(suite: Suite, connection: NetworkConnection, sender: string): Promise<void> {
  if (!hasJournal(suite)) return;
  const forget = (step: string) => wipe(suite.journalFolder, new HardhatArtifactResolver(suite.hre.artifacts), step);
  const messages = messagesOf(suite);
  for (const step of barelyBegun(messages)) await forget(step);
  for (const { futureId, nonce } of unrecorded(messages)) {
    const hash = await transactionOf(connection, sender, nonce);
    if (hash === undefined) {
      suite.say(`an earlier run was stopped before it sent ${futureId}`);
      await forget(futureId);
    } else {
      suite.say(`an earlier run has sent ${futureId}  ${hash}`);
      await trackTransaction(suite.journalFolder, hash, connection.provider, suite.network.confirmations);
    }
  }
}

/** The transaction of a sender with a nonce, or undefined while there is none. By bisection: no node has an index. */
async function transactionOf(
  { ethers }: NetworkConnection,
  sender: string,
  nonce: number,
): Promise<string | undefined> {
  const { provider } = ethers;
  const isSent = async (number: number) => (await provider.getTransactionCount(sender, number)) > nonce;
  let at = await provider.getBlockNumber();
  if (!(await isSent(at))) return undefined;
  // Backwards in growing steps, because nodes without an archive know recent blocks alone.
  let below = at - 1;
  for (let step = 2; below >= 0 && (await isSent(below)); step *= 2) [at, below] = [below, Math.max(below - step, -1)];
  while (at - below > 1) {
    const middle = Math.floor((below + at) / 2);
    if (await isSent(middle)) at = middle;
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
