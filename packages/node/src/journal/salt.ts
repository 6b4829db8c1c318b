import { createHmac } from "node:crypto";

/**
 * The salt of a seal: derived, so that it can be had again even if the journal is lost, and a secret as long as the
 * node's secret is one.
 */
export function deriveSalt(secret: Uint8Array, roundId: string): string {
  return `0x${createHmac("sha256", secret).update(`OPG/salt/${roundId}`).digest("hex")}`;
}
