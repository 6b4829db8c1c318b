import type { Client } from "../../client.ts";
import { sendAndWait, signerOf } from "../../send.ts";

export interface EnsureAllowanceParameters {
  readonly spender: string;
  /** OPG, base units, that the spender is about to take. */
  readonly amount: bigint;
}

/**
 * Approves exactly `amount` if less is approved now, and waits for that; otherwise sends nothing.
 * @returns whether an approval was sent.
 */
export async function ensureAllowance(
  client: Client,
  { spender, amount }: EnsureAllowanceParameters,
): Promise<boolean> {
  const { account } = signerOf(client);
  if ((await client.token.allowance(account, spender)) >= amount) return false;
  await sendAndWait(client, () => client.token.approve(spender, amount));
  return true;
}
