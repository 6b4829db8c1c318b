import { type ReactNode, useSyncExternalStore } from "react";

import { useHistory } from "../history/useHistory.ts";
import { useHead } from "../network/context.tsx";
import { errorText } from "./errorText.ts";
import { Percent } from "./Percent.tsx";
import { Time } from "./Time.tsx";

/** How far the page has read the chain, and what keeps it from reading on. */
export function ChainState(): ReactNode {
  const head = useHead();
  const isOnline = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const { isComplete, progress, error } = useHistory();
  if (!isOnline) return <p role="status">You are offline. What is shown is as it was when the connection was lost.</p>;
  if (error !== undefined) {
    return <p role="status">The RPC does not answer as it should, it is asked again: {errorText(error).sentence}</p>;
  }
  return (
    <p>
      {head !== undefined && (
        <>
          Block {head.blockNumber.toLocaleString("en")}, <Time at={head.timestamp} />.{" "}
        </>
      )}
      {!isComplete && (
        <>
          Reading the past: <Percent ratio={progress} />.
        </>
      )}
    </p>
  );
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
