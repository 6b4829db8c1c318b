import { batchOf } from "../batch.ts";

/**
 * Makes several calls of the market in one transaction, such as `deposit.call` and `requestInference.call` give.
 * @throws ProtocolError as the call that fails.
 */
export const batchMarket = batchOf("market");
