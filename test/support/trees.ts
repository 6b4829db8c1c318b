import { concat, keccak256, ZeroHash } from "ethers";

const leafOf = (word: string) => keccak256(concat(["0x00", word]));
const nodeOf = (left: string, right: string) => keccak256(concat(["0x01", left, right]));

/** The tree over 32-byte words that `MerkleLib` is the root of, with what proves its leaves. */
export class WordTree {
  /** Hashes from the leaves up; each level is full. */
  private readonly levels: readonly (readonly string[])[];

  constructor(readonly words: readonly string[]) {
    const depth = Math.ceil(Math.log2(Math.max(1, words.length)));
    const levels = [Array.from({ length: 2 ** depth }, (_, i) => leafOf(words[i] ?? ZeroHash))];
    for (let level = levels[0] ?? []; level.length > 1; levels.push(level)) {
      const below = level;
      level = Array.from({ length: below.length / 2 }, (_, i) => nodeOf(below[2 * i] ?? "", below[2 * i + 1] ?? ""));
    }
    this.levels = levels;
  }

  get depth(): number {
    return this.levels.length - 1;
  }

  get root(): string {
    return this.hash(this.depth, 0);
  }

  /** The nodes of a depth, counted from the root. */
  nodes(depth: number): readonly string[] {
    return this.levels[this.depth - depth] ?? [];
  }

  /** From a leaf, or from the node `height` levels above the leaves, up to the root. */
  path(index: number, height = 0): string[] {
    return Array.from({ length: this.depth - height }, (_, i) => this.hash(height + i, (index >> i) ^ 1));
  }

  /** What hashing the leaves from `first` on up to the root lacks: level by level, left before right. */
  siblings(first: number, count: number): string[] {
    const siblings: string[] = [];
    let [from, to] = [first, first + count - 1];
    for (let height = 0; height < this.depth; height++) {
      if (from % 2 === 1) siblings.push(this.hash(height, from - 1));
      if (to % 2 === 0) siblings.push(this.hash(height, to + 1));
      [from, to] = [from >> 1, to >> 1];
    }
    return siblings;
  }

  private hash(height: number, index: number): string {
    const hash = this.levels[height]?.[index];
    if (hash === undefined) throw new Error(`The tree has no node ${index} at height ${height}`);
    return hash;
  }
}
