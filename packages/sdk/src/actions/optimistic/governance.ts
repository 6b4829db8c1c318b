import type { Client } from "../../client.ts";
import { type OptimisticRules, packOptimisticRules, unpackOptimisticRules } from "../../codecs/optimisticRules.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import { collectedIn, type CollectFeesParameters } from "../market/governance.ts";
import type { AccountParameters } from "../token/tokens.ts";

const { optimistic } = interfaces;

/** What governance has set in the market for one node. */
export interface GovernedOptimisticRules {
  /** The numbers under which a job lives that is requested now. */
  readonly rules: OptimisticRules;
  /** Where fees go. */
  readonly treasury: string;
}

/** Reads what governance has set in the market for one node. */
export async function getOptimisticRules(client: Client): Promise<GovernedOptimisticRules> {
  const { rules, treasury } = await explained(client.optimistic.governed());
  return { rules: unpackOptimisticRules(rules), treasury };
}

/** Parameters of {@link setOptimisticRules}. */
export interface SetOptimisticRulesParameters {
  /** The market computes the horizon itself. */
  readonly rules: Omit<OptimisticRules, "horizonPeriod">;
  /** Seconds to settle in after the last clock. */
  readonly marginPeriod: number;
}

/**
 * Sets the numbers under which jobs requested from now on live. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `MarketTermOutOfBounds`, `MarketDeadlinesDoNotNest`;
 * FieldOverflowError.
 */
export const setOptimisticRules = action("optimistic", ({ rules, marginPeriod }: SetOptimisticRulesParameters) =>
  optimistic.encodeFunctionData("setRules", [packOptimisticRules(rules), marginPeriod]),
);

/**
 * Sets where fees go that are not collected yet, and later ones. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `LedgerZeroAccount`.
 */
export const setOptimisticTreasury = action("optimistic", ({ account }: AccountParameters) =>
  optimistic.encodeFunctionData("setTreasury", [account]),
);

/** Pays the treasury's part of accounts' jobs out, and says how much (OPG, base units). Anyone may. */
export const collectOptimisticFees = action(
  "optimistic",
  ({ accounts }: CollectFeesParameters) => optimistic.encodeFunctionData("collectFees", [[...accounts]]),
  { result: (mined) => ({ amount: collectedIn(mined) }) },
);
