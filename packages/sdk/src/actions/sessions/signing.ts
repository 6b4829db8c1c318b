import { BaseWallet, type Signer, type TypedDataDomain, type TypedDataField } from "ethers";

import { type CompactSignature, compactOf } from "../../codecs/signature.ts";

/** Whoever signs what EIP-712 describes. */
export type TypedDataSigner = Pick<Signer, "signTypedData">;

/** What is signed: its digest, and what that is of. */
export interface Signable {
  readonly digest: string;
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly message: Record<string, unknown>;
}

/** Signs typed data. A key that lies open here signs the digest at once; any other signer is shown what it signs. */
export async function signTyped(signer: TypedDataSigner, signable: Signable): Promise<CompactSignature> {
  const { digest, domain, types, message } = signable;
  if (signer instanceof BaseWallet) return compactOf(signer.signingKey.sign(digest).serialized);
  return compactOf(await signer.signTypedData(domain, types, message));
}
