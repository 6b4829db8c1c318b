import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";

import { useNetwork } from "../network/context.tsx";
import { lastWallet } from "./storage.ts";
import type { Wallets, WalletsState } from "./types.ts";

const NOTHING: WalletsState = { found: [], connection: undefined };
const nothing = (): WalletsState => NOTHING;
const silence = () => () => undefined;

/** Wallets, as far as they are loaded. */
export interface LoadedWallets {
  readonly wallets: Wallets | undefined;
  readonly state: WalletsState;
  readonly isReconnecting: boolean;
  /** Loads what speaks with wallets, once. */
  readonly load: () => Promise<Wallets>;
}

/** Loads what speaks with wallets when it is asked to, or at once if a wallet was connected at the last visit. */
export function useWallets(): LoadedWallets {
  const { config } = useNetwork();
  const [wallets, setWallets] = useState<Wallets>();
  const [isReconnecting, setReconnecting] = useState(() => lastWallet() !== undefined);
  const loading = useRef<Promise<Wallets>>(undefined);
  const load = useCallback((): Promise<Wallets> => {
    loading.current ??= import("./wallets.ts").then(({ createWallets }) => {
      const created = createWallets(config);
      setWallets(created);
      return created;
    });
    loading.current.catch(() => {
      // The next press tries again.
      loading.current = undefined;
    });
    return loading.current;
  }, [config]);

  useEffect(() => {
    if (lastWallet() === undefined) return;
    const end = () => {
      setReconnecting(false);
    };
    // Without it the page is as on a first visit.
    load()
      .then((created) => created.reconnect())
      .then(end, end);
  }, [load]);

  const state = useSyncExternalStore(wallets?.subscribe ?? silence, wallets?.state ?? nothing);
  return { wallets, state, isReconnecting, load };
}
