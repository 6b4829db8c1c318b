import type { Client } from "../../client.ts";
import { send, type Sent, signerOf } from "../../send.ts";
import { tokenDomain } from "./domain.ts";

const TYPES = {
  CancelAuthorization: [
    { name: "authorizer", type: "address" },
    { name: "nonce", type: "bytes32" },
  ],
};

export interface CancelAuthorizationParameters {
  /** That of the signed payment which is to be worth nothing. */
  readonly nonce: string;
}

/**
 * Makes a payment that the client's account has signed useless, if it was not used before.
 * @throws ProtocolError `ERC3009UsedAuthorization`.
 */
export async function cancelAuthorization(client: Client, { nonce }: CancelAuthorizationParameters): Promise<Sent> {
  const { signer, account: authorizer } = signerOf(client);
  const signature = await signer.signTypedData(tokenDomain(client), TYPES, { authorizer, nonce });
  return send(client, () => client.token["cancelAuthorization(address,bytes32,bytes)"](authorizer, nonce, signature));
}
