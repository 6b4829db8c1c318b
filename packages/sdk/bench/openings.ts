/** How much a challenger opens to prove one element wrong. */
import { hexlify, ZeroHash } from "ethers";

import { MerkleTree } from "../src/codecs/merkle.ts";
import type { Tensor } from "../src/codecs/tensor.ts";
import { type Case, Executor, fastKeccak, openCase, Opcode, openWords, type Program } from "../src/onnx/index.ts";

const WORD = 32;

/** Bytes for one element of a step: words, siblings and paths. */
export interface OpeningFigures {
  readonly opcode: string;
  readonly mean: number;
  readonly most: number;
}

/** Of each step, the element in every word that is the word's first. */
export function benchOpenings(program: Program, payload: readonly Tensor[]): OpeningFigures[] {
  const trees = [...new Executor(program).tensors(payload)].map(([, words]) => new MerkleTree(words, fastKeccak));
  const treeOf = (step: number): MerkleTree => trees[step] ?? new MerkleTree(new Uint8Array());
  const roots = trees.map(({ root }) => hexlify(root));
  return program.steps.map(({ step }, index) => {
    const tree = treeOf(index);
    const sizes = Array.from({ length: tree.words.length / WORD }, (_, word) => {
      const nodeRoot = hexlify(tree.root);
      const accused = openWords(tree, [word]);
      const evidence = { payload, outputRoot: ZeroHash, roots, treeOf, nodeRoot, accused };
      return bytesOf(openCase(program, evidence, index, word, 0));
    });
    const opcode = Object.entries(Opcode).find(([, number]) => number === step.opcode)?.[0] ?? "";
    const sum = sizes.reduce((total, size) => total + size, 0);
    return { opcode: opcode.toUpperCase(), mean: Math.round(sum / sizes.length), most: Math.max(...sizes) };
  });
}

function bytesOf({ accused, inputs, inputPaths, constants }: Case): number {
  const openings = [accused, constants, ...inputs].flatMap(({ words, siblings }) => [...words, ...siblings]);
  return WORD * (openings.length + inputPaths.flat().length);
}
