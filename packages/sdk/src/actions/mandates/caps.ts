import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";

const { mandates } = interfaces;

/** Whose balance where is meant. */
export interface SpenderParameters {
  /** The contract that keeps the balance: a market, or InferenceSessions. */
  readonly ledger: string;
  /** Who may use it. */
  readonly spender: string;
}

/** Parameters of {@link allowSpender}. */
export interface AllowSpenderParameters extends SpenderParameters {
  /** OPG, base units; `MaxUint256` is never lowered. */
  readonly cap: bigint;
}

/**
 * Lets a spender order with the balance that the client's account has in a market, or move a part of it, up to a cap that
 * replaces the one before. Refunds of its orders go to the balance and do not raise the cap.
 */
export const allowSpender = action("mandates", ({ ledger, spender, cap }: AllowSpenderParameters) =>
  mandates.encodeFunctionData("allow", [ledger, spender, cap]),
);

/** Parameters of {@link getSpenderCap}. */
export interface SpenderCapParameters extends SpenderParameters {
  /** Whose balance. */
  readonly account: string;
}

/** What a spender may still use of an account's balance, OPG, base units. */
export const getSpenderCap = (client: Client, { ledger, account, spender }: SpenderCapParameters): Promise<bigint> =>
  explained(client.mandates.capOf(ledger, account, spender));
