import { Signature } from "ethers";

import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";
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

/** Parameters of {@link signPermit}. */
export interface SignPermitParameters {
  readonly spender: string;
  /** OPG, base units. */
  readonly amount: bigint;
  /** Unix seconds; by default an hour after the latest block. */
  readonly deadline?: number;
}

/** An approval that anybody can send. */
export interface Permit {
  readonly owner: string;
  readonly spender: string;
  /** OPG, base units. */
  readonly amount: bigint;
  /** Unix seconds. */
  readonly deadline: number;
  readonly signature: Signature;
}

/**
 * Signs an EIP-2612 permit of the client's account. Sends nothing.
 * @throws NoBlockError unless a deadline is given.
 */
export async function signPermit(client: Client, parameters: SignPermitParameters): Promise<Permit> {
  const { signer, account: owner } = signerOf(client);
  const { spender, amount, deadline = await inAnHour(client) } = parameters;
  const nonce = await explained(client.token.nonces(owner));
  const message = { owner, spender, value: amount, nonce, deadline };
  const signature = Signature.from(await signer.signTypedData(tokenDomain(client), TYPES, message));
  return { owner, spender, amount, deadline, signature };
}

/**
 * Sends an approval that `signPermit` made. Anyone may.
 * @throws ProtocolError `ERC2612ExpiredSignature`, `ERC2612InvalidSigner`.
 */
export const sendPermit = action("token", ({ owner, spender, amount, deadline, signature }: Permit) =>
  interfaces.token.encodeFunctionData("permit", [
    owner,
    spender,
    amount,
    deadline,
    signature.v,
    signature.r,
    signature.s,
  ]),
);
