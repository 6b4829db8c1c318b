import { recoverAddress, Signature } from "ethers";

/** A signature in the compact form of ERC-2098, as contracts take it: `vs` is s, with the parity of the point above it. */
export interface CompactSignature {
  readonly r: string;
  readonly vs: string;
}

/** A signature of 65 bytes in two words. */
export function compactOf(signature: string): CompactSignature {
  const { r, yParityAndS } = Signature.from(signature);
  return { r, vs: yParityAndS };
}

/** Who has signed a digest; undefined if nobody can have. */
export function signerOfDigest(digest: string, { r, vs }: CompactSignature): string | undefined {
  try {
    return recoverAddress(digest, { r, yParityAndS: vs });
  } catch {
    return undefined;
  }
}
