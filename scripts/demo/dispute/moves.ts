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
  /** When it was mined, unix seconds. */
  readonly minedAt: number;
  readonly transactionHash: string;
}

const CONTRACTS = ["token", "optimistic", "disputes", "receipts", "sessions"] as const;

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
  const moves = (await Promise.all(blocks)).flatMap((block) =>
    (block?.prefetchedTransactions ?? []).map((transaction) =>
      moveOf(client, transaction, block?.timestamp ?? 0, people),
    ),
  );
  return Promise.all(moves);
}

async function moveOf(
  client: Client,
  transaction: TransactionResponse,
  minedAt: number,
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
    minedAt,
    transactionHash: transaction.hash,
  };
}
