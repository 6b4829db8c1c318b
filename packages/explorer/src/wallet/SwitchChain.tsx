import { type ReactNode, useState } from "react";

import { useNetwork } from "../network/context.tsx";
import { Failure } from "../parts/Failure.tsx";
import { useWallet } from "./useWallet.ts";
import { isRefusal } from "./refusal.ts";

/** Says that the wallet is on another chain, and offers to go to the page's. */
export function SwitchChain(): ReactNode {
  const { switchChain } = useWallet();
  const { config } = useNetwork();
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>();
  const ask = async () => {
    setAsking(true);
    setError(undefined);
    try {
      await switchChain();
    } catch (thrown) {
      setError(isRefusal(thrown) ? new Error("You refused in the wallet.") : thrown);
    } finally {
      setAsking(false);
    }
  };
  return (
    <div>
      <p>
        Your wallet is on another chain. This page shows {config.name} (chain {config.deployment.chainId}).
      </p>
      <button type="button" className="primary" disabled={isAsking} onClick={() => void ask()}>
        {isAsking ? "Answer in your wallet …" : `Switch to ${config.name}`}
      </button>
      {error !== undefined && <Failure error={error} />}
    </div>
  );
}
