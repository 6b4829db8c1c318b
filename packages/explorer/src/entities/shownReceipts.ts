import { type Receipt, receiptHash } from "@opg-protocol/sdk";

import type { EventIndex } from "../history/EventIndex.ts";

/** A receipt that somebody has shown on chain. */
export interface ShownReceipt {
  readonly statementId: string;
  readonly sessionId: string;
  readonly node: string;
  /** Of the receipt as a struct. */
  readonly hash: string;
  /** JSON, as receipts travel; without the signature, which the contract has checked. */
  readonly text: string;
  /** Unix seconds. */
  readonly shownAt: number;
  readonly transactionHash: string;
}

/** All receipts that were shown, the newest first. */
export function shownReceipts(index: EventIndex): readonly ShownReceipt[] {
  return index
    .named("ReceiptShown")
    .toReversed()
    .map(({ args, timestamp, transactionHash }) => {
      const { statementId, sessionId, node, receipt } = args;
      const fields: Receipt = { ...receipt, issuedAt: Number(receipt.issuedAt) };
      return {
        statementId,
        sessionId,
        node,
        hash: receiptHash(fields),
        text: textOf(fields),
        shownAt: timestamp,
        transactionHash,
      };
    });
}

function textOf({ sessionId, sequence, versionId, inputRoot, outputRoot, price, issuedAt }: Receipt): string {
  const numbers = { sequence: String(sequence), price: String(price), issuedAt };
  return JSON.stringify({ sessionId, versionId, inputRoot, outputRoot, ...numbers }, null, 2);
}
