import type { Client } from "../../client.ts";
import { type GameRules, packGameRules, unpackGameRules } from "../../codecs/gameRules.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";

const { disputes } = interfaces;

/** The numbers under which games live that are opened now. */
export async function getGameRules(client: Client): Promise<GameRules> {
  return unpackGameRules(await explained(client.disputes.governed()));
}

/** Parameters of {@link setGameRules}. */
export interface SetGameRulesParameters {
  readonly rules: GameRules;
}

/**
 * Sets the numbers under which games live that are opened from now on. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `DisputeDeadlinesDoNotNest`, `DisputeRateTooSoon`; FieldOverflowError.
 */
export const setGameRules = action("disputes", ({ rules }: SetGameRulesParameters) =>
  disputes.encodeFunctionData("setRules", [packGameRules(rules)]),
);

/** Parameters of {@link addReferee}. */
export interface AddRefereeParameters {
  readonly referee: string;
}

/**
 * Lets a referee judge all versions of its profile, for good. Only for whom the access manager allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `DisputeRefereeTaken`.
 */
export const addReferee = action("disputes", ({ referee }: AddRefereeParameters) =>
  disputes.encodeFunctionData("addReferee", [referee]),
);

/** Destroys what losers of bonds had to leave, and says how much (OPG, base units). Anyone may. */
export const burnForfeited = action<object, { readonly amount: bigint }, object>(
  "disputes",
  () => disputes.encodeFunctionData("burnForfeited"),
  { result: (mined) => ({ amount: eventIn(mined, "ForfeitedBurned").args.amount }) },
);
