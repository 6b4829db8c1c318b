import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";

/** A version that a node serves. */
export interface ServingParameters {
  readonly node: string;
  readonly versionId: string;
}

export interface ServeVersionParameters extends ServingParameters {
  /** What weighs in draws, OPG, base units; at most the node's backing. */
  readonly weight: bigint;
  /** The most that may answer at once, OPG, base units: the node's bound on what it can lose here. */
  readonly maxLock: bigint;
  /** End of the lock, unix seconds, at most 90 days from now. Renew it before. */
  readonly endsAt: number;
}

/**
 * Declares that a node serves a version, or changes the figures. The owner must have authorised the market before. Only
 * for the node's signer or owner.
 * @throws ProtocolError `MarketNotOperator`, `MarketWeightNotBacked`, `MarketLockInUse`, `StakingOverCap`,
 * `StakingNotBacked`, `StakingBadLockEnd`.
 */
export function serveVersion(client: Client, parameters: ServeVersionParameters): Promise<Sent> {
  const { node, versionId, weight, maxLock, endsAt } = parameters;
  return send(client, () => client.market.serve(node, versionId, weight, maxLock, endsAt));
}
