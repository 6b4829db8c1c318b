import type { Receipt } from "@opg-protocol/sdk";

import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { sameId } from "./sameId.ts";

/** A receipt that somebody has shown on chain. Times in unix seconds. */
export interface ShownReceipt {
  readonly statementId: string;
  readonly node: string;
  readonly receipt: Receipt;
  /** Exclusive. */
  readonly disputableUntil: number;
  readonly shownAt: number;
  readonly tx: string;
}

/** All receipts that were shown, the newest first. */
export const receiptsOf = (index: EventIndex): readonly ShownReceipt[] =>
  index.named("ReceiptShown").map(shownIn).toReversed();

/** The receipts of a session that were shown, the newest first. */
export function receiptsOfSession(index: EventIndex, sessionId: string): readonly ShownReceipt[] {
  return index
    .about(sessionId)
    .filter((event) => event.name === "ReceiptShown")
    .filter(({ args }) => sameId(args.sessionId, sessionId))
    .map(shownIn)
    .toReversed();
}

function shownIn({ args, timestamp, transactionHash }: TimedEventNamed<"ReceiptShown">): ShownReceipt {
  const { statementId, node, receipt, disputableUntil } = args;
  return {
    statementId,
    node,
    receipt: { ...receipt, issuedAt: Number(receipt.issuedAt) },
    disputableUntil: Number(disputableUntil),
    shownAt: timestamp,
    tx: transactionHash,
  };
}

/** A receipt as JSON, as receipts travel; without the signature, which the contract has checked. */
export function receiptText(receipt: Receipt): string {
  const { sessionId, sequence, versionId, inputRoot, outputRoot, price, issuedAt } = receipt;
  const numbers = { sequence: String(sequence), price: String(price), issuedAt };
  return JSON.stringify({ sessionId, versionId, inputRoot, outputRoot, ...numbers }, null, 2);
}
