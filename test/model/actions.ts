import { controlActions } from "./controlActions.ts";
import { ledgerActions } from "./ledgerActions.ts";
import { marketActions } from "./marketActions.ts";
import { orderActions } from "./orders/orderActions.ts";
import { scheduleActions } from "./orders/scheduleActions.ts";
import { registryActions } from "./registryActions.ts";
import { sessionActions } from "./sessions/sessionActions.ts";
import { stakingActions } from "./stakingActions.ts";
import type { Arguments, World } from "./World.ts";
import type { Call, Kind } from "./steps.ts";
import type { ContractName, View, Views } from "./views.ts";

export type CallOf<K extends Kind> = Extract<Call, { kind: K }>;

/** One thing that a caller can do, on the contracts and in the model. */
export interface Action<C> {
  readonly contract: ContractName | ((call: C) => ContractName);
  readonly method: string;
  readonly args: (world: World, call: C, from: string) => Arguments;
  readonly run: (world: World, call: C, from: string) => void;
  /** Events that say what was left out, where something can be. */
  readonly reports?: readonly string[];
  /** What can have changed. */
  readonly touched: (views: Views, world: World, call: C, from: string) => readonly View[];
}

export type Actions<K extends Kind> = { readonly [Each in K]: Action<CallOf<Each>> };

const ACTIONS: Actions<Kind> = {
  ...stakingActions,
  ...ledgerActions,
  ...marketActions,
  ...orderActions,
  ...scheduleActions,
  ...sessionActions,
  ...registryActions,
  ...controlActions,
};

/** The action of a call. The table has for each kind the action of exactly that kind. */
export const actionOf = (call: Call): Action<Call> => ACTIONS[call.kind] as unknown as Action<Call>;
