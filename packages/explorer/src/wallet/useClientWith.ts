import { useEffect, useState } from "react";

import { useNetwork } from "../network/context.tsx";
import type { ClientWith, Connection, Wallets } from "./types.ts";

interface Made {
  readonly connection: Connection;
  readonly clientWith: ClientWith;
}

/** Makes clients that sign with the connected wallet; undefined until that is there and on the right chain. */
export function useClientWith(
  wallets: Wallets | undefined,
  connection: Connection | undefined,
  isRightChain: boolean,
): ClientWith | undefined {
  const { client: page } = useNetwork();
  const [made, setMade] = useState<Made>();
  useEffect(() => {
    if (wallets === undefined || connection === undefined || !isRightChain) return;
    let isOver = false;
    const make = async () => {
      const [{ clientOf }, provider] = await Promise.all([import("./PageSigner.ts"), wallets.provider()]);
      const { account } = connection;
      if (!isOver) setMade({ connection, clientWith: (listener) => clientOf(page, provider, account, listener) });
    };
    make().catch(() => {
      // The wallet has gone in between: its disconnection is told, too.
      if (!isOver) setMade(undefined);
    });
    return () => {
      isOver = true;
    };
  }, [wallets, connection, isRightChain, page]);
  return isRightChain && made !== undefined && made.connection === connection ? made.clientWith : undefined;
}
