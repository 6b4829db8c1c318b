import { batchOf } from "../batch.ts";

/**
 * Makes several calls of the market for one node in one transaction.
 * @throws ProtocolError as the call that fails.
 */
export const batchOptimistic = batchOf("optimistic");
