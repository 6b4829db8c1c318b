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
import type { AccountParameters } from "../token/tokens.ts";

/** What a market owes. OPG, base units. */
export interface Balance {
  /** The account can withdraw or order with it. */
  readonly balance: bigint;
  /** From this account's jobs, for the treasury. */
  readonly fees: bigint;
}

/** What the market owes an account, and for it. */
export async function getBalance(client: Client, { account }: AccountParameters): Promise<Balance> {
  const { balance, fees } = await explained(client.market.accountOf(account));
  return { balance, fees };
}

/**
 * Adds OPG of the client's account to a balance in the market. Approves exactly what is needed first if the allowance
 * is short.
 * @throws ProtocolError `ERC20InsufficientBalance`, `LedgerZeroAccount`.
 */
export const deposit = depositInto("market");

/**
 * Adds OPG of the client's account to a balance in the market: one signature and one transaction, no approval before.
 * @throws ProtocolError `ERC20InsufficientBalance`, `LedgerZeroAccount`, `ERC20InsufficientAllowance` if the permit was
 * refused.
 */
export const depositWithPermit = permittedDepositInto("market");

/** Signs a deposit that somebody else can send and pay the gas for. Sends nothing. */
export const signDeposit = signDepositInto("market");

/**
 * Sends a deposit that `signDeposit` made. Anyone may.
 * @throws ProtocolError `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`, `ERC3009InvalidSignature`,
 * `ERC20InsufficientBalance`, `LedgerZeroAccount`.
 */
export const depositWithAuthorization = authorizedDepositInto("market");

/**
 * Pays OPG out of the balance of the client's account.
 * @throws ProtocolError `LedgerInsufficientBalance`, `LedgerZeroAccount`.
 */
export const withdraw = withdrawFrom("market");

/**
 * Moves OPG from one balance to another: from that of the client's account, or of one that has allowed it.
 * @throws ProtocolError `LedgerInsufficientBalance`, `LedgerZeroAccount`, `MandateCapTooLow`.
 */
export const spendBalance = spendIn("market");
