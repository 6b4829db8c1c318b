/** What the demonstration of texts ends with: the wrong byte, the gas and time of each move, and the money. */
import { formatOpg } from "@opg-protocol/sdk";
import type { WrongByte } from "@opg-protocol/sdk/completions";
import pc from "picocolors";

import type { Move } from "../dispute/moves.ts";
import { plainTable } from "../report.ts";

/** What happened. Amounts in base units of OPG. */
export interface ChatFigures {
  readonly prompt: string;
  /** What the honest node has written, and the lying one in its place. */
  readonly text: string;
  readonly lie: string;
  /** From the call to the receipt. */
  readonly streamMilliseconds: number;
  /** Of the one run that checks a text. */
  readonly checkMilliseconds: number;
  readonly wrong: WrongByte;
  /** From the receipt that is shown to the collateral that is taken. */
  readonly moves: readonly Move[];
  readonly gas: bigint;
  readonly collateral: bigint;
  readonly compensation: bigint;
  readonly reward: bigint;
}

const FIRST_PRINTABLE = 0x20;
const BEHIND_PRINTABLE = 0x7f;

/** Bytes as a terminal can show them, whatever they are. */
export const printable = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) =>
    byte >= FIRST_PRINTABLE && byte < BEHIND_PRINTABLE ? String.fromCharCode(byte) : "·",
  ).join("");

/** A byte in words. */
export const named = (byte: number): string => (byte === 0 ? "the end" : `"${printable([byte])}"`);

/** Gas of each move, and the seconds since the first one. */
export function drawChatMoves({ moves, gas }: ChatFigures): string {
  const table = plainTable(["right", "left", "left", "right"]);
  const [first] = moves;
  for (const { move, payer, gas: each, minedAt } of moves)
    table.push([`${minedAt - (first?.minedAt ?? minedAt)} s`, move, payer, each.toLocaleString("en")]);
  table.push(["", pc.bold("together"), "", pc.bold(gas.toLocaleString("en"))]);
  return table.toString();
}

export function drawChat(figures: ChatFigures): string {
  const { text, streamMilliseconds, checkMilliseconds, wrong, collateral, compensation, reward } = figures;
  const table = plainTable(["left", "right"]);
  const opg = (amount: bigint): string => `${formatOpg(amount)} OPG`;
  table.push(
    [`${text.length} bytes, from the call to the receipt`, `${streamMilliseconds.toFixed(0)} ms`],
    ["to check them with one run, in JavaScript", `${checkMilliseconds.toFixed(0)} ms`],
    ["", ""],
    [`what the lying node says at position ${wrong.position}`, pc.red(named(wrong.claimed))],
    ["what the model says there", pc.green(named(wrong.right))],
    ["", ""],
    ["the lying node", pc.red(`-${opg(collateral)}`)],
    ["to who was lied to, for the call", opg(compensation)],
    ["to who proved it, half of the rest", opg(reward)],
    ["burned", opg(collateral - compensation - reward)],
  );
  return table.toString();
}
