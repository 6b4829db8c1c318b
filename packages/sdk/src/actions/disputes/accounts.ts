import type { Client } from "../../client.ts";
import { explained } from "../../errors/ProtocolError.ts";
import {
  authorizedDepositInto,
  depositInto,
  permittedDepositInto,
  signDepositInto,
  withdrawFrom,
} from "../accounts.ts";
import type { AccountParameters } from "../token/tokens.ts";

/** What an account can withdraw from disputes, or challenge with. OPG, base units. */
export async function getBondBalance(client: Client, { account }: AccountParameters): Promise<bigint> {
  return explained(client.disputes.balanceOf(account));
}

/**
 * Adds OPG of the client's account to a balance out of which bonds and demands are paid. Approves exactly what is needed
 * first if the allowance is short.
 * @throws ProtocolError `ERC20InsufficientBalance`, `LedgerZeroAccount`.
 */
export const depositBond = depositInto("disputes");

/**
 * The same with one signature and one transaction, no approval before.
 * @throws ProtocolError `ERC20InsufficientBalance`, `LedgerZeroAccount`, `ERC20InsufficientAllowance` if the permit was
 * refused.
 */
export const depositBondWithPermit = permittedDepositInto("disputes");

/** Signs a deposit that somebody else can send and pay the gas for. Sends nothing. */
export const signBondDeposit = signDepositInto("disputes");

/**
 * Sends a deposit that `signBondDeposit` made. Anyone may.
 * @throws ProtocolError `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`, `ERC3009InvalidSignature`,
 * `ERC20InsufficientBalance`, `LedgerZeroAccount`.
 */
export const depositBondWithAuthorization = authorizedDepositInto("disputes");

/**
 * Pays OPG out of the balance of the client's account.
 * @throws ProtocolError `LedgerInsufficientBalance`, `LedgerZeroAccount`.
 */
export const withdrawBond = withdrawFrom("disputes");
