import type { SignedReceipt } from "../actions/sessions/receipts.ts";
import type { SessionClient } from "../session/SessionClient.ts";
import type { CompletionTransport } from "./complete.ts";

/**
 * Calls a node in a session, in which a text costs the price of a call at most. The receipt binds the node.
 *
 * Asking throws what `SessionClient.infer` throws.
 */
export const throughSession = (session: SessionClient): CompletionTransport<SignedReceipt> => ({
  signature: () => session.signature(),
  async ask({ inputs, signal }) {
    const { outputs, receipt } = await session.infer({ inputs, ...(signal !== undefined && { signal }) });
    return { outputs, statement: receipt };
  },
});
