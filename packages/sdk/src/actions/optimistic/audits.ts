import { ZeroAddress } from "ethers";

import { interfaces } from "../../contracts.ts";
import { action } from "../action.ts";
import { closingIn, type ReserveOptimisticParameters } from "./answers.ts";
import type { OptimisticJobParameters } from "./jobs.ts";

const { optimistic } = interfaces;

/** Parameters of {@link sealOptimistic} and {@link sealAudit}. */
export interface SealOptimisticParameters extends ReserveOptimisticParameters {
  /** What `sealHash` gives for the job's round. */
  readonly commitment: string;
}

/**
 * Seals the answer to a job that may be audited. A named node lets collateral answer for it with this call. Only for the node's
 * signer.
 * @throws ProtocolError `MarketWrongPhase`, `MarketNotForNode`, `MarketTooLate`, `MarketNotSigner`,
 * `MarketNodeNotCovered`, `MarketLockTooSmall`, `MarketUnknownJob`.
 */
export const sealOptimistic = action("optimistic", ({ job, node, commitment }: SealOptimisticParameters) =>
  optimistic.encodeFunctionData("seal", [job, node, commitment]),
);

/**
 * Takes the seat of a job's auditor with a sealed answer of its own, if the draw falls on the node. Only for its signer.
 * @throws ProtocolError `MarketWrongPhase`, `MarketTooLate`, `MarketNotSigner`, `MarketNodeNotCovered`,
 * `MarketLockTooSmall`, `MarketUnknownJob`.
 */
export const sealAudit = action("optimistic", ({ job, node, commitment }: SealOptimisticParameters) =>
  optimistic.encodeFunctionData("sealAudit", [job, node, commitment]),
);

/** Parameters of {@link settleAudited}. */
export interface SettleAuditedParameters extends OptimisticJobParameters {
  /** Who has sealed beside the job's node; left out if nobody has. */
  readonly auditor?: string;
}

/**
 * Ends an attempt that was sealed, when everything about it is known. Anyone may. `closing` is undefined where the job goes on.
 * @throws ProtocolError `MarketStillDisputable`, `DisputeSharersNotFinal`, `MarketWrongPhase`, `MarketUnknownJob`.
 */
export const settleAudited = action(
  "optimistic",
  ({ job, auditor }: SettleAuditedParameters) =>
    optimistic.encodeFunctionData("settleAudited", [job, auditor ?? ZeroAddress]),
  { result: closingIn },
);
