import type { TransactionReceipt } from "ethers";

import type { Client } from "../../client.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { connectTestnetFaucet } from "../../ethers/TestnetFaucet.ts";
import { sendCall } from "../send.ts";

/** Parameters of {@link drip} and {@link getNextDripAt}. */
export interface DripParameters {
  /** The deployment's `faucet`; only networks on which OPG is worth nothing have one. */
  readonly faucet: string;
  readonly account: string;
}

/**
 * Gives an account its OPG of the day. Anyone may ask for it.
 * @throws ProtocolError `FaucetTooSoon`, `FaucetDry`.
 */
export async function drip(client: Client, { faucet, account }: DripParameters): Promise<TransactionReceipt> {
  const { data } = await connectTestnetFaucet(faucet, client.provider).drip.populateTransaction(account);
  return sendCall(client, { to: faucet, data });
}

/** When an account can ask again, unix seconds; it can now if that is past. */
export function getNextDripAt(client: Client, { faucet, account }: DripParameters): Promise<bigint> {
  return explained(connectTestnetFaucet(faucet, client.provider).nextAt(account));
}
