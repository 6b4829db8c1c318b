import type { ReactNode } from "react";

import { Failure } from "../parts/Failure.tsx";
import { TxLink } from "../parts/TxLink.tsx";
import type { ActionState } from "./useAction.ts";

/** What has become of an action, in words, with its transactions. Read out as it changes. */
export function ActionStatus({ state, done }: { readonly state: ActionState; readonly done: ReactNode }): ReactNode {
  return (
    <div className="action-state" role="status">
      {state.kind === "failed" ? <Failure error={state.error} /> : textOf(state, done)}
      {state.kind !== "ready" && state.sent.length > 0 && (
        <p>
          {state.sent.length === 1 ? "Transaction " : "Transactions "}
          {state.sent.map((hash) => (
            <span key={hash}>
              <TxLink hash={hash} />{" "}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function textOf(state: Exclude<ActionState, { kind: "failed" }>, done: ReactNode): ReactNode {
  switch (state.kind) {
    case "ready":
      return undefined;
    case "checking":
      return <p className="loading">Asking the chain …</p>;
    case "asking":
      return <p>{state.what === "signature" ? "Sign in your wallet." : "Confirm the transaction in your wallet."}</p>;
    case "sent":
      return <p className="loading">Sent. Waiting for a block …</p>;
    case "refused":
      return <p className="note wait">You refused in the wallet.</p>;
    case "done":
      return <div className="note good">{done}</div>;
  }
}
