import { type ReactNode, useCallback, useMemo, useState } from "react";

import { useNetwork } from "../network/context.tsx";
import { type Wallet, WalletContext } from "./useWallet.ts";
import { useClientWith } from "./useClientWith.ts";
import { useWallets } from "./useWallets.ts";
import { WalletDialog } from "./WalletDialog.tsx";

/** Gives pages the user's wallet. What speaks with wallets is not loaded before somebody asks for it. */
export function WalletProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { config } = useNetwork();
  const { wallets, state, isReconnecting, load } = useWallets();
  const [isOpen, setOpen] = useState(false);
  const { connection } = state;
  const isRightChain = connection?.chainId === config.deployment.chainId;
  const clientWith = useClientWith(wallets, connection, isRightChain);

  const open = useCallback(() => {
    setOpen(true);
  }, []);
  const close = useCallback(() => {
    setOpen(false);
  }, []);
  const switchChain = useCallback(async () => (await load()).switchChain(), [load]);
  const disconnect = useCallback(async () => (await load()).disconnect(), [load]);

  const wallet = useMemo<Wallet>(
    () => ({
      status: connection !== undefined ? "connected" : isReconnecting ? "connecting" : "none",
      wallet: connection?.wallet,
      account: connection?.account,
      isRightChain,
      client: clientWith?.(() => undefined),
      clientWith,
      open,
      switchChain,
      disconnect,
    }),
    [connection, isReconnecting, isRightChain, clientWith, open, switchChain, disconnect],
  );

  return (
    <WalletContext value={wallet}>
      {children}
      {isOpen && <WalletDialog found={state.found} load={load} close={close} />}
    </WalletContext>
  );
}
