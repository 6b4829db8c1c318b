import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { useNetwork } from "../network/context.tsx";
import { CopyButton } from "../parts/CopyButton.tsx";
import { Failure } from "../parts/Failure.tsx";
import { shortHash } from "../parts/format.ts";
import { to } from "../routes.ts";
import { useWallet } from "./useWallet.ts";
import { SwitchChain } from "./SwitchChain.tsx";
import { WalletName } from "./WalletName.tsx";

/** The connected wallet, and what can be done with the connection. */
export function ConnectedWallet({ close }: { readonly close: () => void }): ReactNode {
  const { wallet, account, isRightChain, disconnect } = useWallet();
  const { config } = useNetwork();
  const [error, setError] = useState<unknown>();
  return (
    <>
      {wallet !== undefined && <WalletName wallet={wallet} />}
      {account !== undefined && (
        <p>
          Account <code title={account}>{shortHash(account)}</code>
          <CopyButton value={account} what={`address ${shortHash(account)}`} />
        </p>
      )}
      {isRightChain ? <p>On {config.name}.</p> : <SwitchChain />}
      <p className="wallet-buttons">
        <Link className="button" href={to.account()} onClick={close}>
          Balances and more
        </Link>
        <button
          type="button"
          onClick={() => {
            disconnect().then(close, setError);
          }}
        >
          Disconnect
        </button>
      </p>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
