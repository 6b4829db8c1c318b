import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import type { ServingParameters } from "../market/serving.ts";

const { auditRoster } = interfaces;

/** Parameters of {@link enrolAuditor}. */
export interface EnrolAuditorParameters extends ServingParameters {
  /** What weighs in draws, OPG, base units; at most the node's backing; zero to leave. */
  readonly weight: bigint;
}

/**
 * Lets a node be drawn to audit answers of a version, from now on, or no more. Locks nothing: whoever is drawn and wants to
 * audit lets collateral answer with its seal, so it must serve the version (`serveOptimistic`). Only for the node's signer
 * or owner.
 * @throws ProtocolError `RosterNotOperator`, `RosterWeightNotBacked`.
 */
export const enrolAuditor = action("auditRoster", ({ node, versionId, weight }: EnrolAuditorParameters) =>
  auditRoster.encodeFunctionData("enrol", [node, versionId, weight]),
);

/** Lowers a node's weight in draws of auditors to what its stake backs by now. Anyone may. */
export const refreshAuditor = action("auditRoster", ({ node, versionId }: ServingParameters) =>
  auditRoster.encodeFunctionData("refresh", [node, versionId]),
);

/** Parameters of {@link getAuditorWeights}. */
export interface AuditorWeightsParameters extends ServingParameters {
  /** Unix seconds, not in the future. */
  readonly time: number;
}

/** What weighs in draws of a version's auditors at a time: a node, and all. OPG, base units. */
export async function getAuditorWeights(
  client: Client,
  { node, versionId, time }: AuditorWeightsParameters,
): Promise<{ readonly weight: bigint; readonly total: bigint }> {
  const { weight, total } = await explained(client.auditRoster.weightsAt(node, versionId, time));
  return { weight, total };
}
