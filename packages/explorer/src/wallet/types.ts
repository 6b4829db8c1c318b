import type { Client } from "@opg-protocol/sdk";
import type { Eip1193Provider } from "ethers";

/** A wallet that has announced itself to the page (EIP-6963). Name and icon are its own words. */
export interface FoundWallet {
  readonly id: string;
  readonly name: string;
  /** A `data:image/…` URI. */
  readonly icon: string | undefined;
}

/** The wallet that the user has connected. */
export interface Connection {
  readonly wallet: FoundWallet;
  readonly account: string;
  readonly chainId: number;
}

/** What there is of wallets now. */
export interface WalletsState {
  readonly found: readonly FoundWallet[];
  readonly connection: Connection | undefined;
}

/** What the page does with wallets. Its implementation is loaded when it is first needed. */
export interface Wallets {
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object until something changes. */
  readonly state: () => WalletsState;
  readonly connect: (walletId: string) => Promise<void>;
  /** Connects with the wallet of the last visit, if it still agrees and asks nothing. */
  readonly reconnect: () => Promise<void>;
  readonly disconnect: () => Promise<void>;
  /** Asks the wallet to go to the page's chain, which it is told of if it does not know it. */
  readonly switchChain: () => Promise<void>;
  /** Of the connected wallet. */
  readonly provider: () => Promise<Eip1193Provider>;
}

/** What the wallet is asked for, and what has come of it. */
export type SigningStep =
  | { readonly kind: "signature" }
  | { readonly kind: "transaction" }
  | { readonly kind: "sent"; readonly hash: string }
  /** The wallet has answered, and what was asked goes on. */
  | { readonly kind: "signed" };

export type SigningListener = (step: SigningStep) => void;

/** A client whose account is that of the wallet, and which tells what it asks the wallet for. */
export type ClientWith = (listener: SigningListener) => Client;
