import type { Client } from "../../client.ts";
import { explained } from "../../errors/ProtocolError.ts";
import {
  authorizedDepositInto,
  depositInto,
  permittedDepositInto,
  signDepositInto,
  spendIn,
  withdrawFrom,
} from "../accounts.ts";
import type { Balance } from "../market/accounts.ts";
import type { AccountParameters } from "../token/tokens.ts";

/** What is kept for an account where sessions are paid, outside of its sessions. */
export async function getSessionBalance(client: Client, { account }: AccountParameters): Promise<Balance> {
  const { balance, fees } = await explained(client.sessions.accountOf(account));
  return { balance, fees };
}

/**
 * Adds OPG of the client's account to a balance out of which sessions are opened. Approves exactly what is needed first if the
 * allowance is short.
 * @throws ProtocolError `ERC20InsufficientBalance`, `LedgerZeroAccount`.
 */
export const depositForSessions = depositInto("sessions");

/**
 * The same with one signature and one transaction, no approval before.
 * @throws ProtocolError `ERC20InsufficientBalance`, `LedgerZeroAccount`, `ERC20InsufficientAllowance` if the permit was
 * refused.
 */
export const depositForSessionsWithPermit = permittedDepositInto("sessions");

/** Signs a deposit that somebody else can send and pay the gas for. Sends nothing. */
export const signDepositForSessions = signDepositInto("sessions");

/**
 * Sends a deposit that `signDepositForSessions` made. Anyone may.
 * @throws ProtocolError `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`, `ERC3009InvalidSignature`,
 * `ERC20InsufficientBalance`, `LedgerZeroAccount`.
 */
export const depositForSessionsWithAuthorization = authorizedDepositInto("sessions");

/**
 * Pays OPG out of the balance of the client's account.
 * @throws ProtocolError `LedgerInsufficientBalance`, `LedgerZeroAccount`.
 */
export const withdrawFromSessions = withdrawFrom("sessions");

/**
 * Moves OPG from one balance to another: from that of the client's account, or of one that has allowed it.
 * @throws ProtocolError `LedgerInsufficientBalance`, `LedgerZeroAccount`, `MandateCapTooLow`.
 */
export const spendForSessions = spendIn("sessions");
