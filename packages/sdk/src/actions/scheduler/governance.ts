import type { Client } from "../../client.ts";
import { packSchedulerRules, type SchedulerRules, unpackSchedulerRules } from "../../codecs/schedulerRules.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";

const { scheduler } = interfaces;

/** Reads what governance has set of schedules and keepers. */
export async function getSchedulerRules(client: Client): Promise<SchedulerRules> {
  return unpackSchedulerRules(await explained(client.scheduler.governed()));
}

/** Parameters of {@link setSchedulerRules}. */
export interface SetSchedulerRulesParameters {
  readonly rules: SchedulerRules;
}

/**
 * Sets the numbers under which schedules are created and runs are placed from now on. Only for whom the access manager
 * allows.
 * @throws ProtocolError `AccessManagedUnauthorized`, `SchedulerOutOfBounds`; FieldOverflowError.
 */
export const setSchedulerRules = action("scheduler", ({ rules }: SetSchedulerRulesParameters) =>
  scheduler.encodeFunctionData("setRules", [packSchedulerRules(rules)]),
);
