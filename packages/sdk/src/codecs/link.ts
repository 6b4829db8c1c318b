import { keccak256, ZeroAddress, ZeroHash } from "ethers";

import { taggedHash } from "./abi.ts";
import { encodeOrder } from "./encodedOrder.ts";
import { type PackedJob, packPair, unpackPair } from "./job.ts";
import type { PackedOptimisticJob } from "./optimisticJob.ts";

/** The ABI type of a link. */
const LINK_TYPE = "tuple(bytes32 owner, bytes32 source, bytes32 first, bytes32 orderHash, uint256 expiresAt)";

/** A link as it travels in events and calldata. */
export interface PackedLink {
  readonly owner: string;
  readonly source: string;
  readonly first: string;
  readonly orderHash: string;
  readonly expiresAt: bigint;
}

/** What an owner decides of a link, beside its order. Amounts in base units of OPG. */
export interface LinkTerms {
  /** Pays out of its balance in the market of the order, and decides. */
  readonly owner: string;
  /** What whoever follows the link earns. */
  readonly reward: bigint;
  /** Address of the market of the first job. */
  readonly source: string;
  /** Most that the next order may take as its escrow. */
  readonly mostCost: bigint;
  /** Id of the job whose output becomes the input, or of the link that orders that job. */
  readonly first: string;
  /** Unix seconds; from then on nobody can follow it. */
  readonly expiresAt: number;
}

/** A link with its fields unpacked. */
export interface Link extends LinkTerms {
  readonly orderHash: string;
}

/** States of a link, as the contract numbers them. */
export const LinkState = { None: 0, Waiting: 1, Cancelled: 2, Followed: 3 } as const;
export type LinkState = (typeof LinkState)[keyof typeof LinkState];

/** The output of a first job, and where it was stated. */
export interface LinkedOutput {
  readonly root: string;
  /** The round in which one node has stated it; left out where several have. */
  readonly roundId?: string;
  /** That node. */
  readonly node?: string;
}

/** A link in five words. Whatever input root and nonce the order has, following the link replaces them. */
export function packLink(terms: LinkTerms, order: PackedJob | PackedOptimisticJob): PackedLink {
  return {
    owner: packPair(terms.owner, terms.reward),
    source: packPair(terms.source, terms.mostCost),
    first: terms.first,
    orderHash: keccak256(encodeOrder(order)),
    expiresAt: BigInt(terms.expiresAt),
  };
}

/** The fields of a link. */
export function unpackLink(link: PackedLink): Link {
  const owner = unpackPair(link.owner);
  const source = unpackPair(link.source);
  return {
    owner: owner.account,
    reward: owner.amount,
    source: source.account,
    mostCost: source.amount,
    first: link.first,
    orderHash: link.orderHash,
    expiresAt: Number(link.expiresAt),
  };
}

/** An output as the contract takes it. */
export const packLinkedOutput = ({
  root,
  roundId = ZeroHash,
  node = ZeroAddress,
}: LinkedOutput): Required<LinkedOutput> => ({ root, roundId, node });

/** The id of a link: what its fields hash to on this chain and contract. */
export function linkId(chainId: bigint, jobChain: string, link: PackedLink): string {
  const fields = [link.owner, link.source, link.first, link.orderHash, link.expiresAt];
  return taggedHash("OPG/link", ["uint256", "address", LINK_TYPE], [chainId, jobChain, fields]);
}

/** The nonce of the order that following a link places. */
export const linkNonceOf = (link: string): bigint => BigInt.asUintN(40, BigInt(link));
