import { batchOf } from "../batch.ts";

/**
 * Makes several calls about sessions in one transaction.
 * @throws ProtocolError as the call that fails.
 */
export const batchSessions = batchOf("sessions");
