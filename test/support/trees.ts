import { concat, getBytes, hexlify } from "ethers";

import { MerkleTree } from "../../packages/sdk/src/codecs/merkle.ts";
import { fastKeccak } from "../../packages/sdk/src/onnx/index.ts";

/** A tree whose words and hashes are hex strings, as calls take them. */
export class WordTree {
  private readonly tree: MerkleTree;

  constructor(readonly words: readonly string[]) {
    this.tree = new MerkleTree(getBytes(concat(words)), fastKeccak);
  }

  get depth(): number {
    return this.tree.depth;
  }

  get root(): string {
    return hexlify(this.tree.root);
  }

  /** The nodes of a depth, counted from the root. */
  nodes(depth: number): readonly string[] {
    return this.tree.nodesAt(depth).map((node) => hexlify(node));
  }

  /** From a leaf, or from the node `height` levels above the leaves, up to the root. */
  path(index: number, height = 0): string[] {
    return this.tree.path(index, height).map((node) => hexlify(node));
  }

  /** What hashing the leaves from `first` on up to the root lacks: level by level, left before right. */
  siblings(first: number, count: number): string[] {
    const leaves = Array.from({ length: count }, (_, i) => first + i);
    return this.tree.multiproof(leaves).map((node) => hexlify(node));
  }
}
