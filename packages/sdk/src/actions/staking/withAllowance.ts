import type { Client } from "../../client.ts";
import { ensureAllowance } from "../token/tokens.ts";
import type { StakeParameters } from "./ownStake.ts";

/** Approves what a call takes from the client's account for a node, if the allowance is short. */
export async function withAllowance<P extends StakeParameters>(client: Client, given: P): Promise<P> {
  await ensureAllowance(client, { spender: client.addresses.staking, amount: given.amount });
  return given;
}
