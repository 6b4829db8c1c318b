import type { Client } from "../../client.ts";
import { signerOf } from "../../send.ts";
import { inAnHour, tokenDomain } from "./domain.ts";

const TYPES = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
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
  readonly validAfter: number;
  readonly validBefore: number;
  readonly signature: string;
}

export interface SignReceiveAuthorizationParameters extends PaymentPeriod {
  /** Who is paid, and alone may send the payment. */
  readonly to: string;
  /** OPG, base units. */
  readonly value: bigint;
  /** 32 bytes that were not used before; for payments to the market, they say what is paid for. */
  readonly nonce: string;
}

/** Signs an ERC-3009 `ReceiveWithAuthorization` of the client's account. Sends nothing. */
export async function signReceiveAuthorization(
  client: Client,
  parameters: SignReceiveAuthorizationParameters,
): Promise<Payment> {
  const { signer, account: from } = signerOf(client);
  const { to, value, nonce, validAfter = 0, validBefore = await inAnHour(client) } = parameters;
  const message = { from, to, value, validAfter, validBefore, nonce };
  const signature = await signer.signTypedData(tokenDomain(client), TYPES, message);
  return { value, validAfter, validBefore, signature };
}
