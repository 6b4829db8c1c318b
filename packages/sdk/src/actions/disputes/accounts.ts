import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import type { DepositArguments, DepositParameters, WithdrawArguments, WithdrawParameters } from "../market/accounts.ts";
import { signerOf } from "../send.ts";
import { type AccountParameters, ensureAllowance } from "../token/tokens.ts";

const { disputes } = interfaces;

/** What an account can withdraw from disputes, or challenge with. OPG, base units. */
export async function getBondBalance(client: Client, { account }: AccountParameters): Promise<bigint> {
  return explained(client.disputes.balanceOf(account));
}

/**
 * Adds OPG of the client's account to a balance out of which bonds and demands are paid. Approves exactly what is needed
 * first if the allowance is short.
 * @throws ProtocolError `ERC20InsufficientBalance`, `DisputeZeroAccount`.
 */
export const depositBond = action(
  "disputes",
  ({ account, amount }: DepositArguments) => disputes.encodeFunctionData("deposit", [account, amount]),
  {
    prepare: async (client: Client, { amount, account }: DepositParameters) => {
      await ensureAllowance(client, { spender: client.addresses.disputes, amount });
      return { amount, account: account ?? signerOf(client).account };
    },
  },
);

/**
 * Pays OPG out of the balance of the client's account.
 * @throws ProtocolError `DisputeInsufficientBalance`, `DisputeZeroAccount`.
 */
export const withdrawBond = action(
  "disputes",
  ({ to, amount }: WithdrawArguments) => disputes.encodeFunctionData("withdraw", [to, amount]),
  {
    prepare: (client: Client, { amount, to }: WithdrawParameters) =>
      Promise.resolve({ amount, to: to ?? signerOf(client).account }),
  },
);
