/** Every transaction of a story, by what it did and who paid for it. */
import type { Client } from "@opg-protocol/sdk";
import type { Interface, TransactionResponse } from "ethers";

import { receiptOf } from "../chain.ts";

/** One transaction. */
export interface Move {
  readonly move: string;
  /** Who sent it, and paid the gas. */
  readonly payer: string;
  readonly gas: bigint;
  readonly transactionHash: string;
}

const CONTRACTS = ["token", "optimistic", "disputes"] as const;

/** All transactions of these people from a block on. */
export async function movesSince(
  client: Client,
  fromBlock: number,
  people: ReadonlyMap<string, string>,
): Promise<Move[]> {
  const latest = await client.provider.getBlockNumber();
  const blocks = Array.from({ length: latest - fromBlock + 1 }, (_, i) =>
    client.provider.getBlock(fromBlock + i, true),
  );
  const transactions = (await Promise.all(blocks)).flatMap((block) => block?.prefetchedTransactions ?? []);
  return Promise.all(transactions.map((transaction) => moveOf(client, transaction, people)));
}

async function moveOf(
  client: Client,
  transaction: TransactionResponse,
  people: ReadonlyMap<string, string>,
): Promise<Move> {
  const { gasUsed } = await receiptOf(client.provider, transaction.hash);
  const contract = CONTRACTS.find((name) => client.addresses[name] === transaction.to);
  // The bindings narrow names to one contract; here the contract is not known before the transaction is.
  const called: Interface | undefined = contract && client[contract].interface;
  return {
    move: called?.parseTransaction(transaction)?.name ?? "?",
    payer: people.get(transaction.from) ?? transaction.from,
    gas: gasUsed,
    transactionHash: transaction.hash,
  };
}
