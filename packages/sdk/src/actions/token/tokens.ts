import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";

const { token } = interfaces;

/** Names an account. */
export interface AccountParameters {
  readonly account: string;
}

/** OPG in an account's own hands, base units; what the market owes it comes from `getBalance`. */
export function getTokenBalance(client: Client, { account }: AccountParameters): Promise<bigint> {
  return explained(client.token.balanceOf(account));
}

/** Parameters of {@link transferTokens}. */
export interface TransferTokensParameters {
  readonly to: string;
  /** OPG, base units. */
  readonly amount: bigint;
}

/**
 * Sends OPG to another account.
 * @throws ProtocolError `ERC20InsufficientBalance`, `ERC20InvalidReceiver`.
 */
export const transferTokens = action("token", ({ to, amount }: TransferTokensParameters) =>
  token.encodeFunctionData("transfer", [to, amount]),
);

/** Parameters of {@link transferTokensFrom}. */
export interface TransferTokensFromParameters extends TransferTokensParameters {
  /** Whose; it must have approved the client's account. */
  readonly from: string;
}

/**
 * Moves OPG that another account lets the client's account take.
 * @throws ProtocolError `ERC20InsufficientAllowance`, `ERC20InsufficientBalance`, `ERC20InvalidReceiver`.
 */
export const transferTokensFrom = action("token", ({ from, to, amount }: TransferTokensFromParameters) =>
  token.encodeFunctionData("transferFrom", [from, to, amount]),
);

/** Parameters of {@link burnTokens}. */
export interface BurnTokensParameters {
  /** OPG, base units. */
  readonly amount: bigint;
}

/**
 * Destroys OPG of the client's account for good.
 * @throws ProtocolError `ERC20InsufficientBalance`.
 */
export const burnTokens = action("token", ({ amount }: BurnTokensParameters) =>
  token.encodeFunctionData("burn", [amount]),
);

/** Parameters of {@link burnTokensFrom}. */
export interface BurnTokensFromParameters extends BurnTokensParameters {
  /** Whose; it must have approved the client's account. */
  readonly from: string;
}

/**
 * Destroys OPG that another account lets the client's account take.
 * @throws ProtocolError `ERC20InsufficientAllowance`, `ERC20InsufficientBalance`.
 */
export const burnTokensFrom = action("token", ({ from, amount }: BurnTokensFromParameters) =>
  token.encodeFunctionData("burnFrom", [from, amount]),
);

/** Parameters of {@link approveTokens}. */
export interface ApproveTokensParameters {
  readonly spender: string;
  /** OPG, base units; replaces what was approved before. */
  readonly amount: bigint;
}

/** Lets `spender` take OPG of the client's account. */
export const approveTokens = action("token", ({ spender, amount }: ApproveTokensParameters) =>
  token.encodeFunctionData("approve", [spender, amount]),
);

/**
 * Approves exactly `amount` if less is approved now, and waits for that; otherwise sends nothing.
 * @returns whether an approval was sent.
 */
export async function ensureAllowance(client: Client, parameters: ApproveTokensParameters): Promise<boolean> {
  const { account } = signerOf(client);
  const { spender, amount } = parameters;
  if ((await explained(client.token.allowance(account, spender))) >= amount) return false;
  await approveTokens(client, parameters);
  return true;
}

/** Parameters of {@link delegateVotes}. */
export interface DelegateVotesParameters {
  /** Who votes with the OPG of the client's account from now on. */
  readonly delegatee: string;
}

/** Gives the votes of the client's account to `delegatee`; those of stake are not among them. */
export const delegateVotes = action("token", ({ delegatee }: DelegateVotesParameters) =>
  token.encodeFunctionData("delegate", [delegatee]),
);
