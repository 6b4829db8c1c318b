import { concat, dataSlice, getAddress, getBytes, id } from "ethers";

/** What a file of vectors holds. */
export interface VectorFile {
  /** What the cases are, and who must agree on them. */
  readonly about: string;
  readonly cases: readonly object[];
}

/** The word with all bits set. */
export const ONES = `0x${"ff".repeat(32)}`;
/** The account with all bits set. */
export const LAST_ACCOUNT = getAddress(`0x${"ff".repeat(20)}`);

/** Bytes that look random and are the same on every machine. */
export function bytesOf(label: string, length: number): Uint8Array {
  const words = Array.from({ length: Math.ceil(length / 32) }, (_, i) => id(`${label}/${i}`));
  return getBytes(concat(words)).slice(0, length);
}

export const wordOf = (label: string): string => id(label);

export const accountOf = (label: string): string => getAddress(dataSlice(id(label), 12));

/** A number below 2 ** bits. */
export const numberOf = (label: string, bits: number): bigint => BigInt(id(label)) >> BigInt(256 - bits);
