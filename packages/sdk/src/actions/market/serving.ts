import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import type { Mined } from "../../events.ts";
import { action } from "../action.ts";

const { market } = interfaces;

/** A version that a node serves. */
export interface ServingParameters {
  readonly node: string;
  readonly versionId: string;
}

/** What a node serves of a version. Amounts in base units of OPG. */
export interface Serving {
  /** Weighs in draws; zero if the node serves no longer. */
  readonly weight: bigint;
  /** The most that answers. */
  readonly maxLock: bigint;
  /** What running seats hold of it. */
  readonly used: bigint;
  /** Waits for `claimEarnings`. */
  readonly earned: bigint;
  /** End of the lock, unix seconds. */
  readonly endsAt: number;
}

/** What a node serves of a version; all zero if nothing. */
export async function getServing(client: Client, { node, versionId }: ServingParameters): Promise<Serving> {
  const { weight, maxLock, used, earned, endsAt } = await explained(client.market.servingOf(node, versionId));
  return { weight, maxLock, used, earned, endsAt: Number(endsAt) };
}

/** Parameters of {@link serveVersion}. */
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
 * @throws ProtocolError `MarketNotOperator`, `MarketWeightNotBacked`, `MarketLockInUse`, `RegistryUnknownVersion`,
 * `RegistryVersionDeprecated`, `StakingOverCap`, `StakingNotBacked`, `StakingBadLockEnd`.
 */
export const serveVersion = action("market", ({ node, versionId, weight, maxLock, endsAt }: ServeVersionParameters) =>
  market.encodeFunctionData("serve", [node, versionId, weight, maxLock, endsAt]),
);

/**
 * Stops new seats at once and lets go of what no seat holds. Call it again when the last job is final. Only for the node's
 * signer or owner.
 * @throws ProtocolError `MarketNotOperator`.
 */
export const unserveVersion = action("market", ({ node, versionId }: ServingParameters) =>
  market.encodeFunctionData("unserve", [node, versionId]),
);

/** Lowers a node's weight to what its stake backs by now; does nothing if that is enough. Anyone may. */
export const refreshServing = action("market", ({ node, versionId }: ServingParameters) =>
  market.encodeFunctionData("refreshServing", [node, versionId]),
);

/** Moves what a node has earned with a version into its stake, and says how much (OPG, base units). Anyone may. */
export const claimEarnings = action(
  "market",
  ({ node, versionId }: ServingParameters) => market.encodeFunctionData("claim", [node, versionId]),
  { result: (mined) => ({ amount: claimedIn(mined) }) },
);

/** What a claim in a transaction has moved. */
export function claimedIn({ events }: Mined): bigint {
  return events.reduce((sum, event) => (event.name === "EarningsClaimed" ? sum + event.args.amount : sum), 0n);
}
