import type { Client } from "../../client.ts";
import { packRules, type Rules } from "../../codecs/rules.ts";
import { send, type Sent } from "../../send.ts";

export interface SetRulesParameters {
  /** The market computes the horizon itself. */
  readonly rules: Omit<Rules, "horizonPeriod">;
  /** Seconds to settle in after the last clock. */
  readonly marginPeriod: number;
}

/**
 * Sets the numbers under which jobs requested from now on live. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `PolicyOutOfBounds`, `PolicyDeadlinesDoNotNest`.
 */
export function setRules(client: Client, { rules, marginPeriod }: SetRulesParameters): Promise<Sent> {
  return send(client, () => client.market.setRules(packRules(rules), marginPeriod));
}
