import { getTokenBalance } from "@opg-protocol/sdk";

import { useRead } from "../../network/useRead.ts";
import { useWallet } from "../../wallet/useWallet.ts";

/** What the connected account has of OPG, in base units; undefined as long as that is not known. */
export function useOwnTokens(): bigint | undefined {
  const { account } = useWallet();
  const read = useRead(["tokens of", account], (client) => getTokenBalance(client, { account: account ?? "" }), {
    enabled: account !== undefined,
  });
  return account === undefined ? undefined : read.data;
}
