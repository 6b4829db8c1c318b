/** Several calls of one contract in one transaction. */
import type { Addresses } from "../addresses.ts";
import { interfaces } from "../contracts.ts";
import { action, type Call } from "./action.ts";

/** Parameters of a batch. */
export interface BatchParameters {
  /** Calls of the contract, such as `deposit.call` gives; all happen or none. */
  readonly calls: readonly Call[];
}

export const batchOf = (contract: Extract<keyof Addresses, "market" | "optimistic" | "sessions" | "disputes">) =>
  action(contract, ({ calls }: BatchParameters) =>
    interfaces.market.encodeFunctionData("multicall", [calls.map(({ data }) => data)]),
  );
