import "./wallet.css";

import type { ReactNode } from "react";

import { shortHash } from "../parts/format.ts";
import { useWallet } from "./useWallet.ts";

/** Opens the list of wallets, or shows who is connected. */
export function WalletButton(): ReactNode {
  const { status, wallet, account, isRightChain, open } = useWallet();
  if (status !== "connected" || account === undefined) {
    return (
      <button type="button" aria-haspopup="dialog" disabled={status === "connecting"} onClick={open}>
        {status === "connecting" ? "Connecting …" : "Connect wallet"}
      </button>
    );
  }
  return (
    <button type="button" aria-haspopup="dialog" className="wallet-button" onClick={open}>
      {wallet?.icon !== undefined && <img src={wallet.icon} alt="" width={20} height={20} />}
      <span className="wallet-of">{wallet?.name}: </span>
      <code title={account}>{shortHash(account)}</code>
      {!isRightChain && <span> (other chain)</span>}
    </button>
  );
}
