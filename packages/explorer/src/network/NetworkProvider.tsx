import { type ReactNode, useEffect, useState } from "react";

import { History } from "../history/History.ts";
import { Failure } from "../parts/Failure.tsx";
import { Loading } from "../parts/Loading.tsx";
import { chooseRpc, chosenRpc, loadNetwork, type NetworkConfig } from "./config.ts";
import { connect } from "./connect.ts";
import { type Network, NetworkContext } from "./context.tsx";

type State =
  | { readonly step: "loading" }
  | { readonly step: "failed"; readonly error: unknown; readonly config: NetworkConfig | undefined }
  | { readonly step: "ready"; readonly network: Network };

/** Loads the configuration, connects to the chain and begins to read its events; says what fails, and tries again. */
export function NetworkProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<State>({ step: "loading" });

  useEffect(() => {
    const ending = new AbortController();
    let network: Network | undefined;
    let config: NetworkConfig | undefined;
    const start = async () => {
      config = await loadNetwork(ending.signal);
      const client = await connect(config);
      if (ending.signal.aborted) return;
      network = { config, client, history: new History(client, config) };
      network.history.start();
      setState({ step: "ready", network });
    };
    start().catch((error: unknown) => {
      if (!ending.signal.aborted) setState({ step: "failed", error, config });
    });
    return () => {
      ending.abort();
      network?.history.stop();
    };
  }, [attempt]);

  switch (state.step) {
    case "ready":
      return <NetworkContext value={state.network}>{children}</NetworkContext>;
    case "loading":
      return (
        <main className="alone">
          <Loading what="the chain" />
        </main>
      );
    case "failed":
      return (
        <main className="alone">
          <h1>OPG Explorer</h1>
          <Failure
            error={state.error}
            retry={() => {
              setState({ step: "loading" });
              setAttempt(attempt + 1);
            }}
          />
          {state.config !== undefined && <RpcInUse config={state.config} />}
        </main>
      );
  }
}

/** An RPC that was chosen and does not work any more must not lock its user out. */
function RpcInUse({ config }: { readonly config: NetworkConfig }): ReactNode {
  const { chainId } = config.deployment;
  return (
    <p>
      RPC: <code>{config.rpcUrl}</code>{" "}
      {chosenRpc(chainId) !== undefined && (
        <button
          type="button"
          onClick={() => {
            chooseRpc(chainId, undefined);
          }}
        >
          Use the page’s own RPC
        </button>
      )}
    </p>
  );
}
