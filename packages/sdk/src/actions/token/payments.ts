import { hexlify, randomBytes, type TypedDataField } from "ethers";

import type { Client } from "../../client.ts";
import { RECEIVE_AUTHORIZATION_TYPES, TRANSFER_AUTHORIZATION_TYPES } from "../../codecs/payment.ts";
import { interfaces } from "../../contracts.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";
import { inAnHour, tokenDomain } from "./domain.ts";

const { token } = interfaces;

const CANCEL_TYPES = {
  CancelAuthorization: [
    { name: "authorizer", type: "address" },
    { name: "nonce", type: "bytes32" },
  ],
};

/** When a signed payment is good. */
export interface PaymentPeriod {
  /** Unix seconds, exclusive; by default always. */
  readonly validAfter?: number;
  /** Unix seconds, exclusive; by default an hour after the latest block. */
  readonly validBefore?: number;
}

/** A signed payment as the market takes it. */
export interface Payment {
  /** OPG, base units. */
  readonly value: bigint;
  /** Unix seconds, exclusive. */
  readonly validAfter: number;
  /** Unix seconds, exclusive. */
  readonly validBefore: number;
  readonly signature: string;
}

/** A signed payment with all that its signature covers. */
export interface Authorization extends Payment {
  readonly from: string;
  readonly to: string;
  /** 32 bytes that `from` uses once. */
  readonly nonce: string;
}

/** What a payment says; parameters of {@link signTransferAuthorization} and {@link signReceiveAuthorization}. */
export interface SignAuthorizationParameters extends PaymentPeriod {
  readonly to: string;
  /** OPG, base units. */
  readonly value: bigint;
  /** 32 bytes that were not used before, by default random; for payments to the market, they say what is paid for. */
  readonly nonce?: string;
}

/**
 * Signs an ERC-3009 payment of the client's account that anybody can send. Sends nothing.
 * @throws NoBlockError unless `validBefore` is given.
 */
export const signTransferAuthorization = (client: Client, parameters: SignAuthorizationParameters) =>
  sign(client, TRANSFER_AUTHORIZATION_TYPES, parameters);

/**
 * Signs an ERC-3009 payment of the client's account that only the payee can send. Sends nothing.
 * @throws NoBlockError unless `validBefore` is given.
 */
export const signReceiveAuthorization = (client: Client, parameters: SignAuthorizationParameters) =>
  sign(client, RECEIVE_AUTHORIZATION_TYPES, parameters);

async function sign(
  client: Client,
  types: Record<string, TypedDataField[]>,
  parameters: SignAuthorizationParameters,
): Promise<Authorization> {
  const { signer, account: from } = signerOf(client);
  const { to, value, nonce = hexlify(randomBytes(32)), validAfter = 0 } = parameters;
  const validBefore = parameters.validBefore ?? (await inAnHour(client));
  const message = { from, to, value, validAfter, validBefore, nonce };
  const signature = await signer.signTypedData(tokenDomain(client), types, message);
  return { ...message, signature };
}

/**
 * Sends a payment that `signTransferAuthorization` made. Anyone may.
 * @throws ProtocolError `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`, `ERC3009InvalidSignature`,
 * `ERC20InsufficientBalance`.
 */
export const transferWithAuthorization = action("token", (payment: Authorization) =>
  token.encodeFunctionData(
    "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
    argumentsOf(payment),
  ),
);

/**
 * Sends a payment to the client's account that `signReceiveAuthorization` made.
 * @throws ProtocolError `ERC20InvalidReceiver` for anyone but the payee; else as `transferWithAuthorization`.
 */
export const receiveWithAuthorization = action("token", (payment: Authorization) =>
  token.encodeFunctionData(
    "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
    argumentsOf(payment),
  ),
);

type PaymentArguments = [string, string, bigint, number, number, string, string];

const argumentsOf = (payment: Authorization): PaymentArguments => {
  const { from, to, value, validAfter, validBefore, nonce, signature } = payment;
  return [from, to, value, validAfter, validBefore, nonce, signature];
};

/** Names a payment of the client's account. */
export interface CancelAuthorizationParameters {
  /** That of the signed payment which is to be worth nothing. */
  readonly nonce: string;
}

/** A signed wish that a payment be worth nothing. */
export interface SignedCancellation extends CancelAuthorizationParameters {
  readonly authorizer: string;
  readonly signature: string;
}

/** Signs that a payment of the client's account be worth nothing. Sends nothing. */
export async function signCancellation(
  client: Client,
  { nonce }: CancelAuthorizationParameters,
): Promise<SignedCancellation> {
  const { signer, account: authorizer } = signerOf(client);
  const signature = await signer.signTypedData(tokenDomain(client), CANCEL_TYPES, { authorizer, nonce });
  return { authorizer, nonce, signature };
}

/**
 * Makes a payment that the client's account has signed useless, if it was not used before.
 * @throws ProtocolError `ERC3009UsedAuthorization`.
 */
export const cancelAuthorization = action(
  "token",
  ({ authorizer, nonce, signature }: SignedCancellation) =>
    token.encodeFunctionData("cancelAuthorization(address,bytes32,bytes)", [authorizer, nonce, signature]),
  { prepare: signCancellation },
);
