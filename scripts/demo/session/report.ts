/** What the demonstration of sessions ends with: gas and money. */
import { formatOpg } from "@opg-protocol/sdk";
import pc from "picocolors";

import { plainTable } from "../report.ts";

/** What happened. Amounts in base units of OPG. */
export interface SessionFigures {
  readonly calls: number;
  /** That all of them took together. */
  readonly milliseconds: number;
  readonly openGas: bigint;
  readonly redeemGas: bigint;
  /** What the honest node, the treasury and the model's owner got. */
  readonly pay: bigint;
  readonly fee: bigint;
  readonly royalty: bigint;
  /** Number of the false call. */
  readonly lieAt: number;
  /** What the lying node had locked, and what of it went to whom. */
  readonly collateral: bigint;
  readonly refund: bigint;
  readonly compensation: bigint;
  readonly reward: bigint;
}

export function drawSession(figures: SessionFigures): string {
  const { calls, milliseconds, openGas, redeemGas, pay, fee, royalty, collateral, refund, compensation, reward } =
    figures;
  const table = plainTable(["left", "right"]);
  const gas = openGas + redeemGas;
  const opg = (amount: bigint): string => `${formatOpg(amount)} OPG`;
  const each = (milliseconds / calls).toFixed(1);
  table.push(
    [
      `${calls.toLocaleString("en")} calls, one after the other`,
      `${(milliseconds / 1_000).toFixed(1)} s, ${each} ms each`,
    ],
    ["gas to open the session and to redeem", gas.toLocaleString("en")],
    [pc.bold("gas of a call"), pc.bold((gas / BigInt(calls)).toLocaleString("en"))],
    ["", ""],
    ["the honest node", opg(pay)],
    ["the model's owner", opg(royalty)],
    ["the treasury", opg(fee)],
    ["", ""],
    [`the lying node, for call ${figures.lieAt}`, pc.red(`-${opg(collateral)}`)],
    ["to its payer, with what it had put in", opg(refund + compensation)],
    ["to who proved it, half of the rest", opg(reward)],
    ["burned", opg(collateral - compensation - reward)],
  );
  return table.toString();
}
