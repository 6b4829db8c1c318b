import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { concat, keccak256 } from "ethers";

import { batchLeaf } from "../../packages/sdk/src/codecs/receipt.ts";
import type { Operator } from "./actors.ts";
import type { Protocol } from "./fixtures.ts";

export const BATCH_URI = "https://node.example/batches/1.json";

/** Statements under one root, as a tool makes it that knows nothing of ours. */
export function batchOf(poster: string, statements: readonly string[]) {
  const tree = StandardMerkleTree.of(
    statements.map((statement, index) => [BigInt(index), statement] as [bigint, string]),
    ["uint256", "bytes32"],
  );
  const batch = { poster, root: tree.root, count: BigInt(statements.length) };
  return { batch, pathOf: (index: number): readonly string[] => tree.getProof(index) };
}

/** A batch of as many leaves as its path has room for, of which one is known, and the path alone. */
export function largeBatchOf(poster: string, index: bigint, statement: string, path: readonly string[]) {
  const root = path.reduce(
    (hash, sibling) => keccak256(concat(hash < sibling ? [hash, sibling] : [sibling, hash])),
    batchLeaf(index, statement),
  );
  return { poster, root, count: 1n << BigInt(path.length) };
}

/** Posts statements in the name of a node. */
export async function postBatch({ commitments }: Protocol, operator: Operator, statements: readonly string[]) {
  const made = batchOf(operator.signer.address, statements);
  const transaction = await commitments
    .connect(operator.signer)
    .postBatch(made.batch.root, made.batch.count, BATCH_URI);
  return { ...made, transaction };
}
