import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import { claimedIn, type Serving, type ServingParameters } from "../market/serving.ts";
import type { ServeOptimisticParameters } from "../optimistic/serving.ts";

const { sessions } = interfaces;

/** What answers for a node's sessions with a version; all zero if nothing does. */
export async function getSessionServing(
  client: Client,
  { node, versionId }: ServingParameters,
): Promise<Omit<Serving, "weight">> {
  const { maxLock, used, earned, endsAt } = await explained(client.sessions.servingOf(node, versionId));
  return { maxLock, used, earned, endsAt: Number(endsAt) };
}

/**
 * Lets stake of a node answer for sessions with a version, or changes the figures. The owner must have authorised
 * InferenceSessions before. Only for the node's signer or owner.
 * @throws ProtocolError `MarketNotOperator`, `MarketLockInUse`, `SessionsVersionNotAdmitted`, `StakingOverCap`,
 * `StakingNotBacked`, `StakingBadLockEnd`.
 */
export const serveSessions = action("sessions", ({ node, versionId, maxLock, endsAt }: ServeOptimisticParameters) =>
  sessions.encodeFunctionData("serve", [node, versionId, maxLock, endsAt]),
);

/**
 * Lets go of what no session holds. Call it again when the last one is released. Only for the node's signer or owner.
 * @throws ProtocolError `MarketNotOperator`.
 */
export const unserveSessions = action("sessions", ({ node, versionId }: ServingParameters) =>
  sessions.encodeFunctionData("unserve", [node, versionId]),
);

/** Moves what a node has earned by sessions into its stake, and says how much (OPG, base units). Anyone may. */
export const claimSessions = action(
  "sessions",
  ({ node, versionId }: ServingParameters) => sessions.encodeFunctionData("claim", [node, versionId]),
  { result: (mined) => ({ amount: claimedIn(mined) }) },
);
