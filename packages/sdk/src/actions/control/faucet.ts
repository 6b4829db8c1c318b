import type { TransactionReceipt } from "ethers";

import type { Client } from "../../client.ts";
import { NoFaucetError } from "../../errors/faults.ts";
import { explained } from "../../errors/ProtocolError.ts";
import type { TestnetFaucet } from "../../ethers/TestnetFaucet.ts";
import { sendCall } from "../send.ts";

/** Parameters of {@link drip} and {@link getNextDripAt}. */
export interface DripParameters {
  readonly account: string;
}

function faucetOf({ faucet, chainId }: Client): TestnetFaucet {
  if (faucet === undefined) throw new NoFaucetError(chainId);
  return faucet;
}

/**
 * Gives an account its OPG of the day. Anyone may ask for it.
 * @throws NoFaucetError; ProtocolError `FaucetTooSoon`, `FaucetDry`.
 */
export async function drip(client: Client, { account }: DripParameters): Promise<TransactionReceipt> {
  return sendCall(client, await faucetOf(client).drip.populateTransaction(account));
}

/**
 * When an account can ask again, unix seconds; it can now if that is past.
 * @throws NoFaucetError.
 */
export async function getNextDripAt(client: Client, { account }: DripParameters): Promise<bigint> {
  return explained(faucetOf(client).nextAt(account));
}
