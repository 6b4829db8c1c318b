import { packSessionRules, type SessionRules } from "../../codecs/sessionRules.ts";
import { interfaces } from "../../contracts.ts";
import { action } from "../action.ts";

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
