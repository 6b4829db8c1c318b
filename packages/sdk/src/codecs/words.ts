import { getAddress, toBeHex } from "ethers";

/** A field of a packed word: how many bits it has. Fields follow each other from the lowest bit. */
export type Layout<Name extends string> = Readonly<Record<Name, number>>;

/** A value that does not fit its field. */
export class FieldOverflowError extends Error {
  readonly field: string;
  readonly given: bigint;
  readonly most: bigint;

  constructor(field: string, given: bigint, most: bigint) {
    super(`${field} is ${given}: must be between 0 and ${most}.`);
    this.name = "FieldOverflowError";
    this.field = field;
    this.given = given;
    this.most = most;
  }
}

/** Packs fields into one word, as a hex string of 32 bytes. */
export function packWord<Name extends string>(layout: Layout<Name>, values: Readonly<Record<Name, bigint>>): string {
  let word = 0n;
  let shift = 0n;
  for (const [field, bits] of Object.entries(layout) as [Name, number][]) {
    const most = (1n << BigInt(bits)) - 1n;
    const value = values[field];
    if (value < 0n || value > most) throw new FieldOverflowError(field, value, most);
    word |= value << shift;
    shift += BigInt(bits);
  }
  return toBeHex(word, 32);
}

/** Reads the fields of a packed word. */
export function unpackWord<Name extends string>(layout: Layout<Name>, word: string | bigint): Record<Name, bigint> {
  let rest = BigInt(word);
  const values: Partial<Record<Name, bigint>> = {};
  for (const [field, bits] of Object.entries(layout) as [Name, number][]) {
    values[field] = rest & ((1n << BigInt(bits)) - 1n);
    rest >>= BigInt(bits);
  }
  return values as Record<Name, bigint>;
}

/** The account that a field of 160 bits is. */
export const addressOf = (field: bigint): string => getAddress(toBeHex(field, 20));
