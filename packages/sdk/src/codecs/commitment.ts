import { keccak256, toBeHex, ZeroHash } from "ethers";

import { taggedHash } from "./abi.ts";

/** What a round is about, and where it is kept. */
export interface RoundKey {
  readonly chainId: bigint;
  /** Address of ResultCommitments. */
  readonly commitments: string;
  /** The contract that seals in it. */
  readonly consumer: string;
  readonly jobId: string;
  /** 0 first draw, 1 audit, 2 appeal. */
  readonly attempt: number | bigint;
  readonly versionId: string;
  readonly inputRoot: string;
}

/** How a statement was made, and so who knows that it was. */
export const Transport = {
  /** Sealed and revealed in a round of ResultCommitments. */
  Revealed: 0,
  /** Without a seal: its consumer keeps it. */
  Direct: 1,
} as const;
export type Transport = (typeof Transport)[keyof typeof Transport];

const REVEALED = 2n;

/** What a node seals. */
export interface Seal {
  readonly chainId: bigint;
  /** Address of ResultCommitments. */
  readonly commitments: string;
  readonly roundId: string;
  readonly node: string;
  readonly outputRoot: string;
  /** 32 bytes that nobody can guess. */
  readonly salt: string;
}

/** A salt of zero hides nothing, and a seal made with it can never be revealed. */
export class ZeroSaltError extends Error {
  readonly roundId: string;

  constructor(roundId: string) {
    super(`The salt for round ${roundId} is zero: use 32 random bytes.`);
    this.name = "ZeroSaltError";
    this.roundId = roundId;
  }
}

/** The id of a round. */
export function roundId(key: RoundKey): string {
  return taggedHash(
    "OPG/round",
    ["uint256", "address", "address", "bytes32", "uint256", "bytes32", "bytes32"],
    [key.chainId, key.commitments, key.consumer, key.jobId, key.attempt, key.versionId, key.inputRoot],
  );
}

/** Binds a node to an output without showing it. */
export function sealHash(seal: Seal): string {
  if (seal.salt === ZeroHash) throw new ZeroSaltError(seal.roundId);
  return taggedHash(
    "OPG/seal",
    ["uint256", "address", "bytes32", "address", "bytes32", "bytes32"],
    [seal.chainId, seal.commitments, seal.roundId, seal.node, seal.outputRoot, seal.salt],
  );
}

/** The id of "node states that the round's version, run on the round's input, gives this output". */
export function statementId(round: string, node: string, outputRoot: string): string {
  return taggedHash("OPG/statement", ["bytes32", "address", "bytes32"], [round, node, outputRoot]);
}

/** What storage keeps of a node that has revealed this output: `EntryLib.ofReveal`. */
export const revealEntry = (outputRoot: string): string =>
  toBeHex((BigInt(keccak256(outputRoot)) & ~0xffn) | REVEALED, 32);
