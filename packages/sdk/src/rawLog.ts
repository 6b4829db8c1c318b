import { isHexString } from "ethers";

import type { RawLog } from "./events.ts";

/** What was given as a log is none. */
export class BadLogError extends Error {
  /** The field that is missing or wrong, such as `blockNumber`. */
  readonly field: string;

  constructor(field: string, given: unknown, expected: string) {
    super(
      `The log's \`${field}\` is ${String(given)} and must be ${expected}: give logs as the provider or table has them.`,
    );
    this.name = "BadLogError";
    this.field = field;
  }
}

/**
 * A log out of whatever has it: `eth_getLogs`, ethers, viem, or a row of an indexer's table, with names like `blockNumber` or
 * `block_number`, numbers as numbers, `bigint`, or decimal or hexadecimal text, and topics as a list or one by one (`topic0` …).
 * @throws BadLogError that names the first field which is missing or wrong.
 */
export function readLog(value: unknown): RawLog {
  if (typeof value !== "object" || value === null) throw new BadLogError("log", value, "an object");
  const row = value as Readonly<Record<string, unknown>>;
  return {
    address: hex(row, "address", 20),
    topics: topicsIn(row),
    data: hex(row, "data"),
    blockNumber: wholeNumber(row, "blockNumber"),
    blockHash: hex(row, "blockHash", 32),
    transactionHash: hex(row, "transactionHash", 32),
    index: "index" in row ? wholeNumber(row, "index") : wholeNumber(row, "logIndex"),
  };
}

/** A field under its name, or under that with underscores. */
function fieldOf(row: Readonly<Record<string, unknown>>, name: string): unknown {
  return row[name] ?? row[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

function hex(row: Readonly<Record<string, unknown>>, name: string, bytes?: number): string {
  const value = fieldOf(row, name);
  if (typeof value === "string" && isHexString(value, bytes ?? true)) return value;
  throw new BadLogError(name, value, bytes === undefined ? "bytes in hexadecimal" : `${bytes} bytes in hexadecimal`);
}

function wholeNumber(row: Readonly<Record<string, unknown>>, name: string): number {
  const value = fieldOf(row, name);
  const isText = typeof value === "string" && /^(0x[0-9a-fA-F]+|\d+)$/.test(value);
  const number = isText || typeof value === "bigint" || typeof value === "number" ? Number(value) : NaN;
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new BadLogError(name, value, "a whole number");
}

function topicsIn(row: Readonly<Record<string, unknown>>): string[] {
  const listed = row["topics"] ?? [0, 1, 2, 3].map((place) => row[`topic${place}`]).filter((topic) => topic != null);
  if (!Array.isArray(listed)) throw new BadLogError("topics", listed, "a list");
  return listed.map((topic: unknown) => {
    if (typeof topic === "string" && isHexString(topic, 32)) return topic;
    throw new BadLogError("topics", topic, "words of 32 bytes in hexadecimal");
  });
}
