import { getBytes, keccak256 } from "ethers";

import { joinBytes } from "./joinBytes.ts";

/** Bytes of a word. */
export const WORD = 32;

/** Keccak-256. What it returns may be used by the caller alone. */
export type Keccak = (data: Uint8Array) => Uint8Array;

const plainKeccak: Keccak = (data) => getBytes(keccak256(data));

const LEAF = 0;
const NODE = 1;

/**
 * The binary tree over 32-byte words: `leaf(w) = keccak256(0x00 ‖ w)`, `node(l, r) = keccak256(0x01 ‖ l ‖ r)`. The tree over n
 * words has `2 ** depth` leaves, `depth = ceil(log2(max(n, 1)))`; those beyond the words are leaves of zero words. Same bytes as
 * `MerkleLib`.
 *
 * Heights count from the leaves, depths from the root. Only nodes that have a word below them are stored.
 */
export class MerkleTree {
  /** The words, zero-padded to a whole number of them; at least one. */
  readonly words: Uint8Array;
  readonly depth: number;
  readonly #levels: readonly Uint8Array[];

  /** @param data zero-padded to whole words; not copied where it is long enough already, so leave it as it is. */
  constructor(data: Uint8Array, keccak: Keccak = plainKeccak) {
    this.words = wholeWords(data);
    const levels: Uint8Array[] = [];
    let level = hashAll(this.words, WORD, LEAF, keccak);
    for (; level.length > WORD; level = hashAll(level, 2 * WORD, NODE, keccak)) {
      if (level.length % (2 * WORD) !== 0) level = joinBytes([level, emptyNode(levels.length)]);
      levels.push(level);
    }
    this.#levels = [...levels, level];
    this.depth = levels.length;
  }

  get root(): Uint8Array {
    return this.node(this.depth, 0);
  }

  /** The node that covers the words from `index * 2 ** height` on. */
  node(height: number, index: number): Uint8Array {
    const level = this.#levels[height];
    if (level === undefined || index < 0 || index >= 2 ** (this.depth - height))
      throw new RangeError(`A tree of depth ${this.depth} has no node ${index} at height ${height}.`);
    return (index + 1) * WORD <= level.length ? level.subarray(index * WORD, (index + 1) * WORD) : emptyNode(height);
  }

  /** Word `index`; zero beyond the words. */
  word(index: number): Uint8Array {
    const word = this.words.subarray(index * WORD, (index + 1) * WORD);
    return word.length === WORD ? word : new Uint8Array(WORD);
  }

  /** All `2 ** depth` nodes at a depth. */
  nodesAt(depth: number): Uint8Array[] {
    return Array.from({ length: 2 ** depth }, (_, i) => this.node(this.depth - depth, i));
  }

  /** Siblings on the way from a node up to the root; of a leaf unless a height is given. */
  path(index: number, height = 0): Uint8Array[] {
    return Array.from({ length: this.depth - height }, (_, i) => this.node(height + i, Math.floor(index / 2 ** i) ^ 1));
  }

  /**
   * What proves these leaves together: level by level, left to right, the siblings that do not follow from the leaves.
   * @param indices ascending, each once.
   */
  multiproof(indices: readonly number[]): Uint8Array[] {
    const siblings: Uint8Array[] = [];
    let known = indices;
    for (let height = 0; height < this.depth; height += 1) {
      const above: number[] = [];
      for (let i = 0; i < known.length; i += 1) {
        const index = known[i] ?? 0;
        above.push(index >> 1);
        if (known[i + 1] === (index ^ 1)) i += 1;
        else siblings.push(this.node(height, index ^ 1));
      }
      known = above;
    }
    return siblings;
  }
}

/** Root of the tree over `data`, zero-padded to whole words. Same as `MerkleLib.root`. */
export function merkleRoot(data: Uint8Array): Uint8Array {
  return new MerkleTree(data).root;
}

/**
 * Root of the tree of a depth in which `words`, at least one, are the leaves from `first` on. Same as `MerkleLib.rootOfRange`.
 * @param siblings as `MerkleTree.multiproof` gives them.
 * @returns undefined if the tree has no such leaves, or there are not exactly as many siblings as it takes.
 */
export function rootOfRange(
  words: readonly Uint8Array[],
  first: number,
  depth: number,
  siblings: readonly Uint8Array[],
): Uint8Array | undefined {
  if (words.length === 0 || first < 0 || first + words.length > 2 ** depth) return undefined;
  const left = [...siblings];
  let level: (Uint8Array | undefined)[] = words.map((word) => plainKeccak(Uint8Array.of(LEAF, ...word)));
  let start = first;
  for (let height = 0; height < depth; height += 1) {
    if (start % 2 === 1) level.unshift(left.shift());
    if (level.length % 2 === 1) level.push(left.shift());
    if (level.includes(undefined)) return undefined;
    const known = level as Uint8Array[];
    level = known.flatMap((node, i) =>
      i % 2 === 0 ? [plainKeccak(Uint8Array.of(NODE, ...node, ...(known[i + 1] ?? [])))] : [],
    );
    start = Math.floor(start / 2);
  }
  return left.length === 0 ? level[0] : undefined;
}

function wholeWords(data: Uint8Array): Uint8Array {
  const length = Math.max(1, Math.ceil(data.length / WORD)) * WORD;
  if (length === data.length) return data;
  const words = new Uint8Array(length);
  words.set(data);
  return words;
}

/** The hashes of subtrees without words, by height, as far as they were asked for. */
const emptyNodes: Uint8Array[] = [];

function emptyNode(height: number): Uint8Array {
  return (emptyNodes[height] ??=
    height === 0 ? plainKeccak(new Uint8Array(1 + WORD)) : emptyPair(emptyNode(height - 1)));
}

const emptyPair = (below: Uint8Array): Uint8Array => plainKeccak(Uint8Array.of(NODE, ...below, ...below));

/** The hashes of all pieces of `data`, one after the other, each piece behind its prefix. */
function hashAll(data: Uint8Array, size: number, prefix: number, keccak: Keccak): Uint8Array {
  const hashes = new Uint8Array((data.length / size) * WORD);
  const piece = new Uint8Array(1 + size);
  piece[0] = prefix;
  for (let at = 0, to = 0; at < data.length; at += size, to += WORD) {
    for (let i = 0; i < size; i += 1) piece[1 + i] = data[at + i] ?? 0;
    hashes.set(keccak(piece), to);
  }
  return hashes;
}
