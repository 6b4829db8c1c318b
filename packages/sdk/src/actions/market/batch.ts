import { interfaces } from "../../contracts.ts";
import { action, type Call } from "../action.ts";

/** Parameters of {@link batchMarket}. */
export interface BatchMarketParameters {
  /** Calls of the market, such as `deposit.call` and `requestInference.call` give; all happen or none. */
  readonly calls: readonly Call[];
}

/**
 * Makes several calls of the market in one transaction.
 * @throws ProtocolError as the call that fails.
 */
export const batchMarket = action("market", ({ calls }: BatchMarketParameters) =>
  interfaces.market.encodeFunctionData("multicall", [calls.map(({ data }) => data)]),
);
