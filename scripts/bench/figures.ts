import { dataLength, type TransactionResponse } from "ethers";

export { nth } from "../../test/support/actors.ts";

/** What one operation costs. */
export interface Figure {
  readonly gas: number;
  readonly calldataBytes: number;
  /** Under which circumstances. */
  readonly note: string;
}

export type Figures = Readonly<Record<string, Figure>>;

/** The cost of an operation, which is one transaction or several in a row. */
export async function figure(note: string, ...transactions: readonly TransactionResponse[]): Promise<Figure> {
  const receipts = await Promise.all(transactions.map((transaction) => transaction.wait()));
  const gas = receipts.reduce((sum, receipt) => sum + Number(receipt?.gasUsed ?? 0n), 0);
  const calldataBytes = transactions.reduce((sum, { data }) => sum + dataLength(data), 0);
  return { gas, calldataBytes, note };
}

/** What one operation costs above another. */
export const overhead = (note: string, whole: Figure, direct: Figure): Figure => ({
  gas: whole.gas - direct.gas,
  calldataBytes: whole.calldataBytes - direct.calldataBytes,
  note,
});
