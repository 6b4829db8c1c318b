import { useMemo } from "react";

import { useNetwork } from "../../network/context.tsx";
import { fetcher, type FetchBytes } from "../../verify/download.ts";

/** Fetches from places that strangers have named, as this page may. */
export function useFetchBytes(): FetchBytes {
  const { ipfsGateway } = useNetwork().config;
  return useMemo(() => fetcher({ origin: location.origin, ipfsGateway }), [ipfsGateway]);
}
