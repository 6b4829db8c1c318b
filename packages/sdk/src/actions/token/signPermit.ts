import { Signature } from "ethers";

import type { Client } from "../../client.ts";
import { signerOf } from "../../send.ts";
import { inAnHour, tokenDomain } from "./domain.ts";

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export interface SignPermitParameters {
  readonly spender: string;
  /** OPG, base units. */
  readonly amount: bigint;
  /** Unix seconds; by default an hour after the latest block. */
  readonly deadline?: number;
}

export interface Permit {
  readonly owner: string;
  readonly spender: string;
  readonly amount: bigint;
  readonly deadline: number;
  readonly signature: Signature;
}

/** Signs an EIP-2612 permit: an approval that somebody else can send. Sends nothing. */
export async function signPermit(client: Client, parameters: SignPermitParameters): Promise<Permit> {
  const { signer, account: owner } = signerOf(client);
  const { spender, amount, deadline = await inAnHour(client) } = parameters;
  const nonce = await client.token.nonces(owner);
  const message = { owner, spender, value: amount, nonce, deadline };
  const signature = Signature.from(await signer.signTypedData(tokenDomain(client), TYPES, message));
  return { owner, spender, amount, deadline, signature };
}
