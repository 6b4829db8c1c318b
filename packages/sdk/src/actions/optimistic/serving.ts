import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import { claimedIn, type Serving, type ServeVersionParameters, type ServingParameters } from "../market/serving.ts";

const { optimistic } = interfaces;

/** What a node serves of a version where one node answers; all zero if nothing. */
export async function getOptimisticServing(
  client: Client,
  { node, versionId }: ServingParameters,
): Promise<Omit<Serving, "weight">> {
  const { maxLock, used, earned, endsAt } = await explained(client.optimistic.servingOf(node, versionId));
  return { maxLock, used, earned, endsAt: Number(endsAt) };
}

/** Parameters of {@link serveOptimistic}. */
export type ServeOptimisticParameters = Omit<ServeVersionParameters, "weight">;

/**
 * Declares that a node answers for a version by itself, or changes the figures. The owner must have authorised this market
 * before. Only for the node's signer or owner.
 * @throws ProtocolError `MarketNotOperator`, `MarketLockInUse`, `StakingOverCap`, `StakingNotBacked`, `StakingBadLockEnd`.
 */
export const serveOptimistic = action("optimistic", ({ node, versionId, maxLock, endsAt }: ServeOptimisticParameters) =>
  optimistic.encodeFunctionData("serve", [node, versionId, maxLock, endsAt]),
);

/**
 * Lets go of what no job holds. Call it again when the last job is final. Only for the node's signer or owner.
 * @throws ProtocolError `MarketNotOperator`.
 */
export const unserveOptimistic = action("optimistic", ({ node, versionId }: ServingParameters) =>
  optimistic.encodeFunctionData("unserve", [node, versionId]),
);

/** Moves what a node has earned with a version into its stake, and says how much (OPG, base units). Anyone may. */
export const claimOptimistic = action(
  "optimistic",
  ({ node, versionId }: ServingParameters) => optimistic.encodeFunctionData("claim", [node, versionId]),
  { result: (mined) => ({ amount: claimedIn(mined) }) },
);
