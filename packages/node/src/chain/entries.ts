import type { Pack } from "@opg-protocol/sdk";

/** What the lowest byte of a node's entry in a round says. */
const ENTRIES = ["none", "sealed", "revealed"] as const;

/** What a node has done in a round. */
export type EntryKind = (typeof ENTRIES)[number];

/** @param word A node's entry, hex. */
export function entryKind(word: string): EntryKind {
  const kind = ENTRIES[Number(BigInt(word) & 0xffn)];
  if (kind === undefined) throw new Error(`An entry is of no known kind: ${word}`);
  return kind;
}

/** What a node has done in a round of which storage has no entries. */
export const entryIn = ({ seals }: Pack, node: string): EntryKind =>
  seals.some((seal) => seal.node.toLowerCase() === node.toLowerCase()) ? "sealed" : "none";
