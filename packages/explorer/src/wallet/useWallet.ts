import type { Client } from "@opg-protocol/sdk";
import { createContext, useContext } from "react";

import type { ClientWith, FoundWallet } from "./types.ts";

/** The user's wallet, as pages see it. */
export interface Wallet {
  readonly status: "none" | "connecting" | "connected";
  readonly wallet: FoundWallet | undefined;
  readonly account: string | undefined;
  /** Whether the wallet is on the chain that the page shows. */
  readonly isRightChain: boolean;
  /** Reads through the page's RPC, signs through the wallet; there once a wallet is connected and on the right chain. */
  readonly client: Client | undefined;
  /** The same client, telling what it asks the wallet for. */
  readonly clientWith: ClientWith | undefined;
  /** Shows the list of wallets. */
  readonly open: () => void;
  readonly switchChain: () => Promise<void>;
  readonly disconnect: () => Promise<void>;
}

export const WalletContext = createContext<Wallet | undefined>(undefined);

/** The user's wallet. */
export function useWallet(): Wallet {
  const wallet = useContext(WalletContext);
  if (wallet === undefined) throw new Error("useWallet outside of the wallet's provider");
  return wallet;
}
