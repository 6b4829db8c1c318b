import { createHmac } from "node:crypto";

/** Resolution of a share. */
const PARTS = 2 ** 32;

/**
 * Whether a statement is among those that are checked. The same for a statement at each look, and known to nobody without the
 * secret: who lies cannot choose a statement that is not.
 */
export function chosen(secret: Uint8Array, statementId: string, share: number): boolean {
  const lot = createHmac("sha256", secret).update(`OPG/watch/${statementId}`).digest().readUInt32BE();
  return lot < share * PARTS;
}
