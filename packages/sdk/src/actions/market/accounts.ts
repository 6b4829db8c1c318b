import { hexlify, randomBytes } from "ethers";

import type { Client } from "../../client.ts";
import { depositPaymentNonce } from "../../codecs/job.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";
import { type Payment, type PaymentPeriod, signReceiveAuthorization } from "../token/payments.ts";
import { type Permit, signPermit } from "../token/permit.ts";
import { type AccountParameters, ensureAllowance } from "../token/tokens.ts";

const { market } = interfaces;

/** What the market owes. OPG, base units. */
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

/** Whose balance grows, and by what. */
export interface DepositArguments {
  readonly account: string;
  /** OPG, base units. */
  readonly amount: bigint;
}

/** Parameters of {@link deposit}. */
export interface DepositParameters {
  /** OPG, base units. */
  readonly amount: bigint;
  /** Whose balance; by default that of the client's account. */
  readonly account?: string;
}

/**
 * Adds OPG of the client's account to a balance in the market. Approves exactly what is needed first if the allowance
 * is short.
 * @throws ProtocolError `ERC20InsufficientBalance`, `MarketZeroAccount`.
 */
export const deposit = action(
  "market",
  ({ account, amount }: DepositArguments) => market.encodeFunctionData("deposit", [account, amount]),
  {
    prepare: async (client: Client, { amount, account }: DepositParameters) => {
      await ensureAllowance(client, { spender: client.addresses.market, amount });
      return { amount, account: account ?? signerOf(client).account };
    },
  },
);

/** Parameters of {@link depositWithPermit}. */
export interface DepositWithPermitParameters extends DepositParameters {
  /** Of the permit, unix seconds; by default an hour after the latest block. */
  readonly deadline?: number;
}

/** A deposit of the permit's owner, who must send it. */
export interface PermittedDeposit extends Pick<Permit, "amount" | "deadline" | "signature"> {
  /** Whose balance. */
  readonly account: string;
}

/**
 * Adds OPG of the client's account to a balance in the market: one signature and one transaction, no approval before.
 * @throws ProtocolError `ERC20InsufficientBalance`, `MarketZeroAccount`, `ERC20InsufficientAllowance` if the permit was
 * refused.
 */
export const depositWithPermit = action(
  "market",
  ({ account, amount, deadline, signature: { v, r, s } }: PermittedDeposit) =>
    market.encodeFunctionData("depositWithPermit", [account, amount, deadline, v, r, s]),
  {
    prepare: async (client: Client, { account, ...terms }: DepositWithPermitParameters) => {
      const permit = await signPermit(client, { spender: client.addresses.market, ...terms });
      return { ...permit, account: account ?? permit.owner };
    },
  },
);

/** Parameters of {@link signDeposit}. */
export interface SignDepositParameters extends DepositParameters, PaymentPeriod {}

/** A signed deposit; whoever has it can send it, but only to this balance. */
export interface SignedDeposit {
  /** Whose balance. */
  readonly account: string;
  /** Who pays. */
  readonly from: string;
  /** Tells deposits apart. */
  readonly salt: string;
  readonly payment: Payment;
}

/** Signs a deposit that somebody else can send and pay the gas for. Sends nothing. */
export async function signDeposit(client: Client, parameters: SignDepositParameters): Promise<SignedDeposit> {
  const { account: from } = signerOf(client);
  const { amount: value, account = from, ...period } = parameters;
  const to = client.addresses.market;
  const salt = hexlify(randomBytes(32));
  const nonce = depositPaymentNonce(client.chainId, to, account, salt);
  const payment = await signReceiveAuthorization(client, { to, value, nonce, ...period });
  return { account, from, salt, payment };
}

/**
 * Sends a deposit that `signDeposit` made. Anyone may.
 * @throws ProtocolError `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`, `ERC3009InvalidSignature`,
 * `ERC20InsufficientBalance`, `MarketZeroAccount`.
 */
export const depositWithAuthorization = action("market", ({ account, from, salt, payment }: SignedDeposit) =>
  market.encodeFunctionData("depositWithAuthorization", [account, from, salt, payment]),
);

/** Who is paid, and what. */
export interface WithdrawArguments {
  readonly to: string;
  /** OPG, base units. */
  readonly amount: bigint;
}

/** Parameters of {@link withdraw}. */
export interface WithdrawParameters {
  /** OPG, base units. */
  readonly amount: bigint;
  /** Who is paid; by default the client's account. */
  readonly to?: string;
}

/**
 * Pays OPG out of the balance of the client's account.
 * @throws ProtocolError `MarketInsufficientBalance`, `MarketZeroAccount`.
 */
export const withdraw = action(
  "market",
  ({ to, amount }: WithdrawArguments) => market.encodeFunctionData("withdraw", [to, amount]),
  {
    prepare: (client: Client, { amount, to }: WithdrawParameters) =>
      Promise.resolve({ amount, to: to ?? signerOf(client).account }),
  },
);
