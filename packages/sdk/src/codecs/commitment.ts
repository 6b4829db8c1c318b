import { keccak256, toBeHex, TypedDataEncoder, type TypedDataDomain, ZeroHash } from "ethers";

import { taggedHash } from "./abi.ts";
import { type CompactSignature, compactOf, signerOfDigest } from "./signature.ts";

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

const SEALED = 1n;
const REVEALED = 2n;
const STATE_MASK = 0xffn;

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

/** What a node's signer signs so that anybody can bring its seal. */
export interface SealToSign {
  readonly chainId: bigint;
  /** Address of ResultCommitments. */
  readonly commitments: string;
  readonly roundId: string;
  readonly node: string;
  /** What `sealHash` gives. */
  readonly commitment: string;
}

/** A node's seal of a round with its signer's signature on it. */
export interface SignedSeal extends CompactSignature {
  readonly node: string;
  readonly commitment: string;
}

/** What shows a node's seal. */
export interface Reveal {
  readonly node: string;
  readonly outputRoot: string;
  readonly salt: string;
}

/** A node's seal of a round, as `ResultSealed` has it. */
export interface PackedSeal {
  readonly node: string;
  readonly commitment: string;
}

/** What shows a node's seal where all have sealed the same output. */
export interface PackedReveal {
  readonly node: string;
  readonly salt: string;
}

/** Why one of many reveals was skipped. */
export const RevealFault = {
  None: 0,
  /** The node has not sealed in this round, or has revealed already. */
  NothingSealed: 1,
  /** An output root or a salt of zero. */
  ZeroReveal: 2,
  /** Output root and salt do not hash to what the node has sealed. */
  Mismatch: 3,
} as const;
export type RevealFault = (typeof RevealFault)[keyof typeof RevealFault];

const SEAL_TYPES = {
  Seal: [
    { name: "roundId", type: "bytes32" },
    { name: "node", type: "address" },
    { name: "commitment", type: "bytes32" },
  ],
};

/** A seal as EIP-712 has it: domain, types and message, for `signTypedData` of any wallet. */
export function sealTypedData({ chainId, commitments, roundId, node, commitment }: SealToSign) {
  const domain: TypedDataDomain = {
    name: "OPG ResultCommitments",
    version: "1",
    chainId,
    verifyingContract: commitments,
  };
  return { domain, types: SEAL_TYPES, message: { roundId, node, commitment } };
}

/** The hash that a node's signer signs. */
export function sealDigest(seal: SealToSign): string {
  const { domain, types, message } = sealTypedData(seal);
  return TypedDataEncoder.hash(domain, types, message);
}

/** A seal with a signature on it, as contracts take it. */
export const signedSeal = ({ node, commitment }: SealToSign, signature: string): SignedSeal => ({
  node,
  commitment,
  ...compactOf(signature),
});

/** Who has signed a seal; undefined if nobody has. The same address as `authorOf` of ResultCommitments gives. */
export const sealAuthor = (seal: SealToSign, signature: CompactSignature): string | undefined =>
  signerOfDigest(sealDigest(seal), signature);

/** The id of "node states that the round's version, run on the round's input, gives this output". */
export function statementId(round: string, node: string, outputRoot: string): string {
  return taggedHash("OPG/statement", ["bytes32", "address", "bytes32"], [round, node, outputRoot]);
}

/** What storage keeps of a node that has sealed: `EntryLib.ofSeal`. */
export const sealEntry = (commitment: string): string => toBeHex((BigInt(commitment) & ~STATE_MASK) | SEALED, 32);

/** What storage keeps of a node that has revealed this output: `EntryLib.ofReveal`. */
export const revealEntry = (outputRoot: string): string =>
  toBeHex((BigInt(keccak256(outputRoot)) & ~STATE_MASK) | REVEALED, 32);
