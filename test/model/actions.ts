import { controlActions } from "./controlActions.ts";
import { marketActions } from "./marketActions.ts";
import { registryActions } from "./registryActions.ts";
import { stakingActions } from "./stakingActions.ts";
import type { Arguments, World } from "./World.ts";
import type { Call, Kind } from "./steps.ts";
import type { ContractName, View, Views } from "./views.ts";

export type CallOf<K extends Kind> = Extract<Call, { kind: K }>;

/** One thing that a caller can do, on the contracts and in the model. */
export interface Action<C> {
  readonly contract: ContractName;
  readonly method: string;
  readonly args: (world: World, call: C, from: string) => Arguments;
  readonly run: (world: World, call: C, from: string) => void;
  /** What can have changed. */
  readonly touched: (views: Views, world: World, call: C, from: string) => readonly View[];
}

export type Actions<K extends Kind> = { readonly [Each in K]: Action<CallOf<Each>> };

const ACTIONS: Actions<Kind> = { ...stakingActions, ...marketActions, ...registryActions, ...controlActions };

/** The action of a call. The table has for each kind the action of exactly that kind. */
export const actionOf = (call: Call): Action<Call> => ACTIONS[call.kind] as unknown as Action<Call>;
