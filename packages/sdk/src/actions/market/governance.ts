import type { Client } from "../../client.ts";
import { packRules, type Rules, unpackRules } from "../../codecs/rules.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import type { Mined } from "../../events.ts";
import { action } from "../action.ts";
import type { AccountParameters } from "../token/tokens.ts";

const { market } = interfaces;

/** What governance has set in the market. */
export interface GovernedRules {
  /** The numbers under which a job lives that is requested now. */
  readonly rules: Rules;
  /** Where fees go. */
  readonly treasury: string;
}

/** Reads what governance has set in the market. */
export async function getRules(client: Client): Promise<GovernedRules> {
  const { rules, treasury } = await explained(client.market.governed());
  return { rules: unpackRules(rules), treasury };
}

/** Parameters of {@link setRules}. */
export interface SetRulesParameters {
  /** The market computes the horizon itself. */
  readonly rules: Omit<Rules, "horizonPeriod">;
  /** Seconds to settle in after the last clock. */
  readonly marginPeriod: number;
}

/**
 * Sets the numbers under which jobs requested from now on live. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `PolicyOutOfBounds`, `PolicyDeadlinesDoNotNest`; FieldOverflowError.
 */
export const setRules = action("market", ({ rules, marginPeriod }: SetRulesParameters) =>
  market.encodeFunctionData("setRules", [packRules(rules), marginPeriod]),
);

/**
 * Sets where fees go that are not collected yet, and later ones. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `LedgerZeroAccount`.
 */
export const setTreasury = action("market", ({ account }: AccountParameters) =>
  market.encodeFunctionData("setTreasury", [account]),
);

/** Parameters of {@link collectFees}. */
export interface CollectFeesParameters {
  /** Requesters of settled jobs. */
  readonly accounts: readonly string[];
}

/** Pays the treasury's part of accounts' jobs out, and says how much (OPG, base units). Anyone may. */
export const collectFees = action(
  "market",
  ({ accounts }: CollectFeesParameters) => market.encodeFunctionData("collectFees", [[...accounts]]),
  { result: (mined) => ({ amount: collectedIn(mined) }) },
);

/** What was collected in a transaction. */
export function collectedIn({ events }: Mined): bigint {
  return events.reduce((sum, event) => (event.name === "FeesCollected" ? sum + event.args.amount : sum), 0n);
}
