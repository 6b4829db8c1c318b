/** What the demonstration ends with: the picture, the answer, the money and the gas. */
import { formatOpg, type Tensor } from "@opg-protocol/sdk";
import Table from "cli-table3";
import pc from "picocolors";

import { SIDE } from "../../packages/explorer/src/playground/digit.ts";
import type { GasLine } from "./gas.ts";
import { rank } from "./model.ts";
import type { Share } from "./payout.ts";

const SHADES = [" ", "░", "▒", "▓", "█"];
const BAR = 24;

/** The picture as the model sees it. */
export function drawPicture(pixels: Uint8Array): string {
  const shade = (value: number): string => (SHADES[Math.round((value / 255) * (SHADES.length - 1))] ?? " ").repeat(2);
  const rows = Array.from({ length: SIDE }, (_, y) => pixels.subarray(y * SIDE, (y + 1) * SIDE));
  return rows.map((row) => Array.from(row, shade).join("")).join("\n");
}

/** The answer, and how sure the model is. */
export function drawAnswer(output: Tensor): string {
  const bars = rank(output)
    .slice(0, 3)
    .map(
      ({ digit, share }) =>
        `${digit}  ${"█".repeat(Math.round(share * BAR)).padEnd(BAR)} ${(share * 100).toFixed(1)} %`,
    );
  return bars.map((bar, i) => (i === 0 ? pc.green(bar) : pc.dim(bar))).join("\n");
}

export function drawShares(shares: readonly Share[]): string {
  const table = plainTable(["left", "left", "right"]);
  for (const { who, role, amount } of shares) {
    const text = `${formatOpg(amount < 0n ? -amount : amount)} OPG`;
    table.push([who, role, role === "slashed" ? pc.red(text) : text]);
  }
  return table.toString();
}

export function drawGas(lines: readonly GasLine[]): string {
  const table = plainTable(["left", "right", "right"]);
  for (const { step, transactions, gas } of lines) {
    table.push([step, `${transactions} x`, (gas / BigInt(transactions)).toLocaleString("en")]);
  }
  const total = lines.reduce((sum, { gas }) => sum + gas, 0n);
  table.push([pc.bold("together"), "", pc.bold(total.toLocaleString("en"))]);
  return table.toString();
}

/** A table without lines. */
export function plainTable(colAligns: ("left" | "right")[]): InstanceType<typeof Table> {
  const parts = ["top", "bottom", "left", "right", "mid", "middle"];
  const chars = Object.fromEntries(
    parts
      .flatMap((part) => [part, ...["mid", "left", "right"].map((end) => `${part}-${end}`)])
      .map((part) => [part, ""]),
  );
  return new Table({ chars, colAligns, style: { "padding-left": 0, "padding-right": 3, compact: true } });
}
