import { packSessionRules, type SessionRules } from "../../codecs/sessionRules.ts";
import { interfaces } from "../../contracts.ts";
import { action } from "../action.ts";
import { collectedIn, type CollectFeesParameters } from "../market/governance.ts";
import type { AccountParameters } from "../token/tokens.ts";

const { sessions } = interfaces;

/** Parameters of {@link setSessionRules}. */
export interface SetSessionRulesParameters {
  /** The horizon follows from the others. */
  readonly rules: Omit<SessionRules, "horizonPeriod">;
  /** Seconds to punish in after the last clock. */
  readonly marginPeriod: number;
}

/**
 * Sets the numbers that later sessions live under. Only for those whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `SessionsOutOfBounds`, `SessionsDeadlinesDoNotNest`.
 */
export const setSessionRules = action("sessions", ({ rules, marginPeriod }: SetSessionRulesParameters) =>
  sessions.encodeFunctionData("setRules", [packSessionRules(rules), marginPeriod]),
);

/**
 * Sets where fees of sessions go that are not collected yet, and later ones. Only for those whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `LedgerZeroAccount`.
 */
export const setSessionTreasury = action("sessions", ({ account }: AccountParameters) =>
  sessions.encodeFunctionData("setTreasury", [account]),
);

/** Pays the treasury's part of payers' sessions out, and says how much (OPG, base units). Anyone may. */
export const collectSessionFees = action(
  "sessions",
  ({ accounts }: CollectFeesParameters) => sessions.encodeFunctionData("collectFees", [[...accounts]]),
  { result: (mined) => ({ amount: collectedIn(mined) }) },
);
