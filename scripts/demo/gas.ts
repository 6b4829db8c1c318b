/** What the steps of a job have cost: its transactions, by the function that they called. */
import type { Client, ProtocolEvent } from "@opg-protocol/sdk";

import { receiptOf } from "./chain.ts";

/** All transactions of one kind. */
export interface GasLine {
  readonly step: string;
  readonly transactions: number;
  /** Of all of them together. */
  readonly gas: bigint;
}

const STEPS: Readonly<Record<string, string>> = {
  request: "order",
  commit: "seal",
  reveal: "reveal",
  revealAndSettle: "last reveal, and settlement",
  advance: "next draw",
  settle: "settlement",
  expire: "settlement",
};

/** The gas of every transaction that emitted one of the events. */
export async function gasOf(client: Client, events: readonly ProtocolEvent[]): Promise<GasLine[]> {
  const lines = new Map<string, GasLine>();
  for (const hash of new Set(events.map(({ transactionHash }) => transactionHash))) {
    const [transaction, receipt] = await Promise.all([
      client.provider.getTransaction(hash),
      receiptOf(client.provider, hash),
    ]);
    if (transaction === null) throw new Error(`The chain has lost transaction ${hash}`);
    const contract = transaction.to === client.addresses.market ? client.market : client.commitments;
    const name = contract.interface.parseTransaction(transaction)?.name ?? "?";
    const step = STEPS[name] ?? name;
    const line = lines.get(step) ?? { step, transactions: 0, gas: 0n };
    lines.set(step, { step, transactions: line.transactions + 1, gas: line.gas + receipt.gasUsed });
  }
  return [...lines.values()];
}
