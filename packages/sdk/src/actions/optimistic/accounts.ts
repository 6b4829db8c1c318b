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

/** What the market for one node owes an account, and for it. */
export async function getOptimisticBalance(client: Client, { account }: AccountParameters): Promise<Balance> {
  const { balance, fees } = await explained(client.optimistic.accountOf(account));
  return { balance, fees };
}

/**
 * Adds OPG of the client's account to a balance in the market for one node. Approves exactly what is needed first if the
 * allowance is short.
 * @throws ProtocolError `ERC20InsufficientBalance`, `LedgerZeroAccount`.
 */
export const depositOptimistic = depositInto("optimistic");

/**
 * The same with one signature and one transaction, no approval before.
 * @throws ProtocolError `ERC20InsufficientBalance`, `LedgerZeroAccount`, `ERC20InsufficientAllowance` if the permit was
 * refused.
 */
export const depositOptimisticWithPermit = permittedDepositInto("optimistic");

/** Signs a deposit that somebody else can send and pay the gas for. Sends nothing. */
export const signOptimisticDeposit = signDepositInto("optimistic");

/**
 * Sends a deposit that `signOptimisticDeposit` made. Anyone may.
 * @throws ProtocolError `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`, `ERC3009InvalidSignature`,
 * `ERC20InsufficientBalance`, `LedgerZeroAccount`.
 */
export const depositOptimisticWithAuthorization = authorizedDepositInto("optimistic");

/**
 * Pays OPG out of the balance of the client's account.
 * @throws ProtocolError `LedgerInsufficientBalance`, `LedgerZeroAccount`.
 */
export const withdrawOptimistic = withdrawFrom("optimistic");

/**
 * Moves OPG from one balance to another: from that of the client's account, or of one that has allowed it.
 * @throws ProtocolError `LedgerInsufficientBalance`, `LedgerZeroAccount`, `MandateCapTooLow`.
 */
export const spendOptimistic = spendIn("optimistic");
