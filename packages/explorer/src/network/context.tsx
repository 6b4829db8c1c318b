import type { Client } from "@opg-protocol/sdk";
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";

import type { History } from "../history/History.ts";
import type { NetworkConfig } from "./config.ts";

/** The deployment that the page shows. */
export interface Network {
  readonly config: NetworkConfig;
  /** Only reads, through the page's own RPC. */
  readonly client: Client;
  readonly history: History;
}

export const NetworkContext = createContext<Network | undefined>(undefined);

/** The deployment that the page shows. */
export function useNetwork(): Network {
  const network = useContext(NetworkContext);
  if (network === undefined) throw new Error("useNetwork outside of the network's provider");
  return network;
}

/** The newest block that the page knows; rendered again with each batch of events. */
export function useHead(): { readonly blockNumber: number; readonly timestamp: number } | undefined {
  const { history } = useNetwork();
  return useSyncExternalStore(history.subscribe, () => history.head);
}

/** Unix seconds of the chain, counted on every second from its newest block. */
export function useNow(): number {
  const head = useHead();
  const [now, setNow] = useState(() => head?.timestamp ?? seconds());
  useEffect(() => {
    const seen = seconds();
    const start = head?.timestamp ?? seen;
    const tick = () => {
      setNow(start + seconds() - seen);
    };
    tick();
    const timer = setInterval(tick, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, [head?.timestamp]);
  return now;
}

const seconds = (): number => Math.floor(Date.now() / 1_000);
