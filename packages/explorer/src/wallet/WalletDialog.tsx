import "./wallet.css";

import { type ReactNode, useEffect, useId, useRef } from "react";

import { ConnectedWallet } from "./ConnectedWallet.tsx";
import { useWallet } from "./useWallet.ts";
import type { FoundWallet, Wallets } from "./types.ts";
import { WalletList } from "./WalletList.tsx";

interface Props {
  readonly found: readonly FoundWallet[];
  readonly load: () => Promise<Wallets>;
  readonly close: () => void;
}

/** The wallets of this browser to choose from, or the one that is connected. */
export function WalletDialog({ found, load, close }: Props): ReactNode {
  const { status } = useWallet();
  const title = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // Gives the focus back to what has opened it.
      shown?.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="wallet-dialog"
      aria-labelledby={title}
      onClose={({ currentTarget }) => {
        // Told later than it happened: it may have been opened again.
        if (!currentTarget.open) close();
      }}
    >
      <div className="wallet-dialog-head">
        <h2 id={title}>{status === "connected" ? "Your wallet" : "Connect a wallet"}</h2>
        <button
          type="button"
          onClick={() => {
            dialog.current?.close();
          }}
        >
          Close
        </button>
      </div>
      {status === "connected" ? (
        <ConnectedWallet close={close} />
      ) : (
        <WalletList found={found} load={load} close={close} />
      )}
    </dialog>
  );
}
