import type { Client } from "../../client.ts";
import { type Rules, unpackRules } from "../../codecs/rules.ts";
import { explained } from "../../errors/ProtocolError.ts";

/** What governance has set in the market. */
export interface GovernedRules {
  readonly rules: Rules;
  /** Where fees go. */
  readonly treasury: string;
}

/** The numbers under which a job lives that is requested now. */
export async function getRules({ market }: Client): Promise<GovernedRules> {
  const { rules, treasury } = await explained(market.governed());
  return { rules: unpackRules(rules), treasury };
}
