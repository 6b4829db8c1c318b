import type { Client } from "../../client.ts";
import { send, type Sent } from "../../send.ts";
import { signPermit } from "../token/signPermit.ts";
import type { DepositParameters } from "./deposit.ts";

export interface DepositWithPermitParameters extends DepositParameters {
  /** Of the permit, unix seconds; by default an hour after the latest block. */
  readonly deadline?: number;
}

/**
 * Adds OPG of the client's account to a balance in the market: one signature and one transaction, no approval before.
 * @throws ProtocolError `ERC20InsufficientBalance`, `ERC20InsufficientAllowance` if the permit was refused.
 */
export async function depositWithPermit(client: Client, parameters: DepositWithPermitParameters): Promise<Sent> {
  const { amount, account, deadline } = parameters;
  const spender = client.addresses.market;
  const permit = await signPermit(client, { spender, amount, ...(deadline !== undefined && { deadline }) });
  const { v, r, s } = permit.signature;
  return send(client, () => client.market.depositWithPermit(account ?? permit.owner, amount, permit.deadline, v, r, s));
}
