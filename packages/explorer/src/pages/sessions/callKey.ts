/** Keys that sign vouchers, made in the page. They are kept in memory alone: no storage of the browser ever has them. */
import { type HDNodeWallet, type Signer, VoidSigner, Wallet } from "ethers";

/** Who signs the vouchers of a session. */
export type CallKey =
  | { readonly kind: "wallet" }
  | { readonly kind: "made"; readonly wallet: HDNodeWallet }
  /** Of a program of the user's; the page knows its address alone. */
  | { readonly kind: "address"; readonly address: string };

/** A new key. */
export const makeKey = (): CallKey => ({ kind: "made", wallet: Wallet.createRandom() });

/** What names the key when a session is opened; undefined for the wallet's own. */
export function signerOfKey(key: CallKey): Signer | undefined {
  switch (key.kind) {
    case "wallet":
      return undefined;
    case "made":
      return key.wallet;
    case "address":
      return new VoidSigner(key.address);
  }
}

/** What is in the file that the user downloads. */
export const keyFile = ({ address, privateKey }: Pick<HDNodeWallet, "address" | "privateKey">): string =>
  `${JSON.stringify({ address, privateKey }, undefined, 2)}\n`;
