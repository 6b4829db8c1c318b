import { keccak256 } from "ethers";

import { abiEncode } from "./abi.ts";

const BPS = 10_000n;
const MASK_128 = (1n << 128n) - 1n;

/** One node's chance in one step of one draw. */
export interface Lot {
  readonly seed: bigint;
  readonly node: string;
  /** OPG of the node that weigh, base units. */
  readonly weight: bigint;
  /** OPG of all that serve the version, without those that sat before, base units. */
  readonly totalWeight: bigint;
  readonly quorum: number;
  /** Seats that the draw expects, in basis points of the quorum. */
  readonly seatFactorBps: bigint;
  /** Each doubles the chance. */
  readonly step: number;
}

/** The seed of one draw of one job. `purpose` is the state that the draw belongs to. */
export function drawSeed(blockHash: string, jobId: string, purpose: number): bigint {
  return BigInt(keccak256(abiEncode(["bytes32", "bytes32", "uint256"], [blockHash, jobId, purpose]))) & MASK_128;
}

/** Whether a node may sit. Same arithmetic as `DrawLib.isDrawn`. */
export function isDrawn(lot: Lot): boolean {
  const ticket = BigInt(keccak256(abiEncode(["uint128", "address"], [lot.seed, lot.node]))) & MASK_128;
  const seatsBps = (BigInt(lot.quorum) * lot.seatFactorBps) << BigInt(lot.step);
  return ticket * lot.totalWeight * BPS < (seatsBps * lot.weight) << 128n;
}

/** Whether an agreement is audited, by the seed of purpose `Agreed`. Same arithmetic as `DrawLib.coin`. */
export function isAudited(seed: bigint, auditBps: number): boolean {
  return seed % BPS < BigInt(auditBps);
}
