import { batchOf } from "../batch.ts";

/**
 * Makes several calls about disputes in one transaction, such as the answers to challenges that are alike.
 * @throws ProtocolError as the call that fails.
 */
export const batchDisputes = batchOf("disputes");
