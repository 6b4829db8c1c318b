/** Balances in contracts that keep them alike: markets, sessions, and where disputes are held. */
import { hexlify, randomBytes } from "ethers";

import type { Client } from "../client.ts";
import { depositPaymentNonce } from "../codecs/job.ts";
import { interfaces } from "../contracts.ts";
import { action } from "./action.ts";
import { signerOf } from "./send.ts";
import { type Payment, type PaymentPeriod, signReceiveAuthorization } from "./token/payments.ts";
import { type Permit, signPermit } from "./token/permit.ts";
import { ensureAllowance } from "./token/tokens.ts";

/** Contracts with balances. */
type Keeper = "market" | "optimistic" | "sessions" | "disputes";

/** The calls are the same in all of them. */
const { market: shared } = interfaces;

/** Whose balance grows, and by what. */
export interface DepositArguments {
  readonly account: string;
  /** OPG, base units. */
  readonly amount: bigint;
}

/** Parameters of a deposit. */
export interface DepositParameters {
  /** OPG, base units. */
  readonly amount: bigint;
  /** Whose balance; by default that of the client's account. */
  readonly account?: string;
}

export const depositInto = (keeper: Keeper) =>
  action(keeper, ({ account, amount }: DepositArguments) => shared.encodeFunctionData("deposit", [account, amount]), {
    prepare: async (client: Client, { amount, account }: DepositParameters) => {
      await ensureAllowance(client, { spender: client.addresses[keeper], amount });
      return { amount, account: account ?? signerOf(client).account };
    },
  });

/** Parameters of a deposit with a permit. */
export interface DepositWithPermitParameters extends DepositParameters {
  /** Of the permit, unix seconds; by default an hour after the latest block. */
  readonly deadline?: number;
}

/** A deposit of the permit's owner, who must send it. */
export interface PermittedDeposit extends Pick<Permit, "amount" | "deadline" | "signature"> {
  /** Whose balance. */
  readonly account: string;
}

export const permittedDepositInto = (keeper: Keeper) =>
  action(
    keeper,
    ({ account, amount, deadline, signature: { v, r, s } }: PermittedDeposit) =>
      shared.encodeFunctionData("depositWithPermit", [account, amount, deadline, v, r, s]),
    {
      prepare: async (client: Client, { account, ...terms }: DepositWithPermitParameters) => {
        const permit = await signPermit(client, { spender: client.addresses[keeper], ...terms });
        return { ...permit, account: account ?? permit.owner };
      },
    },
  );

/** Parameters of a signed deposit. */
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

export const signDepositInto =
  (keeper: Keeper) =>
  async (client: Client, parameters: SignDepositParameters): Promise<SignedDeposit> => {
    const { account: from } = signerOf(client);
    const { amount: value, account = from, ...period } = parameters;
    const to = client.addresses[keeper];
    const salt = hexlify(randomBytes(32));
    const nonce = depositPaymentNonce(client.chainId, to, account, salt);
    const payment = await signReceiveAuthorization(client, { to, value, nonce, ...period });
    return { account, from, salt, payment };
  };

export const authorizedDepositInto = (keeper: Keeper) =>
  action(keeper, ({ account, from, salt, payment }: SignedDeposit) =>
    shared.encodeFunctionData("depositWithAuthorization", [account, from, salt, payment]),
  );

/** Who is paid, and what. */
export interface WithdrawArguments {
  readonly to: string;
  /** OPG, base units. */
  readonly amount: bigint;
}

/** Parameters of a withdrawal. */
export interface WithdrawParameters {
  /** OPG, base units. */
  readonly amount: bigint;
  /** Who is paid; by default the client's account. */
  readonly to?: string;
}

export const withdrawFrom = (keeper: Keeper) =>
  action(keeper, ({ to, amount }: WithdrawArguments) => shared.encodeFunctionData("withdraw", [to, amount]), {
    prepare: (client: Client, { amount, to }: WithdrawParameters) =>
      Promise.resolve({ amount, to: to ?? signerOf(client).account }),
  });

/** Between which balances, and what. */
export interface SpendArguments extends WithdrawArguments {
  /** Whose balance it comes from. */
  readonly from: string;
}

/** Parameters of a move between balances. */
export interface SpendParameters {
  /** Whose balance grows. */
  readonly to: string;
  /** OPG, base units. */
  readonly amount: bigint;
  /** Whose balance it comes from; by default that of the client's account. */
  readonly from?: string;
}

export const spendIn = (keeper: Exclude<Keeper, "disputes">) =>
  action(keeper, ({ from, to, amount }: SpendArguments) => shared.encodeFunctionData("spend", [from, to, amount]), {
    prepare: (client: Client, { from, ...terms }: SpendParameters) =>
      Promise.resolve({ ...terms, from: from ?? signerOf(client).account }),
  });
