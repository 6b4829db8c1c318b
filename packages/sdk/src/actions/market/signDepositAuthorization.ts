import { hexlify, randomBytes } from "ethers";

import type { Client } from "../../client.ts";
import { depositPaymentNonce } from "../../codecs/job.ts";
import { signerOf } from "../../send.ts";
import { type Payment, type PaymentPeriod, signReceiveAuthorization } from "../token/signReceiveAuthorization.ts";

export interface SignDepositAuthorizationParameters extends PaymentPeriod {
  /** OPG, base units. */
  readonly amount: bigint;
  /** Whose balance; by default that of the client's account. */
  readonly account?: string;
}

/** A signed deposit; whoever has it can send it, but only to this balance. */
export interface DepositAuthorization {
  readonly account: string;
  /** Who pays. */
  readonly from: string;
  /** Tells deposits apart. */
  readonly salt: string;
  readonly payment: Payment;
}

/** Signs a deposit that somebody else can send and pay the gas for. Sends nothing. */
export async function signDepositAuthorization(
  client: Client,
  parameters: SignDepositAuthorizationParameters,
): Promise<DepositAuthorization> {
  const { account: from } = signerOf(client);
  const { amount, account = from, ...period } = parameters;
  const { market } = client.addresses;
  const salt = hexlify(randomBytes(32));
  const nonce = depositPaymentNonce(client.chainId, market, account, salt);
  const payment = await signReceiveAuthorization(client, { to: market, value: amount, nonce, ...period });
  return { account, from, salt, payment };
}
