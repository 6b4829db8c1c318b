import { concat, getBytes, keccak256 } from "ethers";

const WORD = 32;
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

const hashLeaf = (word: Uint8Array) => getBytes(keccak256(concat([LEAF, word])));
const hashNode = (left: Uint8Array, right: Uint8Array) => getBytes(keccak256(concat([NODE, left, right])));

/**
 * Root of the binary tree over the 32-byte words of `data`, zero-padded to whole words. The tree over n words has
 * 2 ** ceil(log2(max(n, 1))) leaves; those beyond the words are leaves of zero words. Same as `MerkleLib.root`.
 */
export function merkleRoot(data: Uint8Array): Uint8Array {
  const words = Math.max(1, Math.ceil(data.length / WORD));
  let level = Array.from({ length: words }, (_, i) => {
    const word = new Uint8Array(WORD);
    word.set(data.subarray(i * WORD, (i + 1) * WORD));
    return hashLeaf(word);
  });
  let empty = hashLeaf(new Uint8Array(WORD));
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(hashNode(level[i] ?? empty, level[i + 1] ?? empty));
    level = above;
    empty = hashNode(empty, empty);
  }
  return level[0] ?? empty;
}
