import { interfaces } from "../../contracts.ts";
import { action } from "../action.ts";

/** Parameters of {@link distribute}. */
export interface DistributeParameters {
  /** OPG. */
  readonly token: string;
}

/**
 * Pays a token out that the distribution holds. Anyone may, once; a deployment has done it for OPG.
 * @throws ProtocolError `DistributionDone`, `DistributionTooSmall`.
 */
export const distribute = action("distribution", ({ token }: DistributeParameters) =>
  interfaces.distribution.encodeFunctionData("distribute", [token]),
);
