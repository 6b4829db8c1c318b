import { getBytes, hexlify, isHexString } from "ethers";

import { MerkleTree, rootOfRange, WORD } from "./merkle.ts";
import { hashTensorRoots } from "./payload.ts";
import { hashTensorPreimage, type Tensor, tensorByteLength, tensorRoot } from "./tensor.ts";

/** Words of an input or output. */
export interface WordRange {
  /** Place of the tensor in the input or output. */
  readonly tensor: number | bigint;
  readonly firstWord: number | bigint;
  readonly count: number | bigint;
}

/** Words of an input or output, and what proves that they are in it. */
export interface Supply {
  readonly tensorRoots: readonly string[];
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly dataRoot: string;
  readonly words: readonly string[];
  readonly siblings: readonly string[];
}

const EMPTY: Tensor = { dtype: 0, shape: [], data: new Uint8Array() };

/** Words cut out of an input or output, with their proof. */
export function supplyOf(tensors: readonly Tensor[], range: WordRange): Supply {
  const { dtype, shape, data } = tensors[Number(range.tensor)] ?? EMPTY;
  const tree = new MerkleTree(data);
  const there = Math.max(0, tree.words.length / WORD - Number(range.firstWord));
  const count = data.length === 0 ? 0 : Math.min(Number(range.count), there);
  const leaves = Array.from({ length: count }, (_, i) => Number(range.firstWord) + i);
  return {
    tensorRoots: tensors.map(tensorRoot),
    dtype,
    shape,
    dataRoot: hexlify(tree.root),
    words: leaves.map((leaf) => hexlify(tree.word(leaf))),
    siblings: count === 0 ? [] : tree.multiproof(leaves).map((sibling) => hexlify(sibling)),
  };
}

const isWord = (value: string) => isHexString(value, WORD);

/**
 * Whether these words are in the input or output with this payload root, at this place: so one number of a large output can be
 * checked without the rest of it. Nothing in `supply` is believed.
 */
export function isSupplyOf(payloadRoot: string, { tensor, firstWord }: WordRange, supply: Supply): boolean {
  const { tensorRoots, dtype, shape, dataRoot, words, siblings } = supply;
  if (![...tensorRoots, dataRoot, ...words, ...siblings].every(isWord)) return false;
  const wordCount = Math.ceil(tensorByteLength({ dtype, shape }) / WORD);
  const first = Number(firstWord);
  if (!Number.isSafeInteger(wordCount) || first + words.length > wordCount) return false;

  const depth = Math.ceil(Math.log2(wordCount));
  const [leaves, path] = [words, siblings].map((list) => list.map((word) => getBytes(word))) as [
    Uint8Array[],
    Uint8Array[],
  ];
  const root = rootOfRange(leaves, first, depth, path);
  if (root === undefined || hexlify(root) !== dataRoot) return false;
  const claimed = tensorRoots[Number(tensor)];
  return claimed === hashTensorPreimage({ dtype, shape, dataRoot }) && hashTensorRoots(tensorRoots) === payloadRoot;
}
