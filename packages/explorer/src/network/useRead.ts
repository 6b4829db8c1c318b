import type { Client } from "@opg-protocol/sdk";
import { useQuery } from "@tanstack/react-query";

import { useHead, useNetwork } from "./context.tsx";
import { keptFor } from "./keptFor.ts";

/** Seconds for which what was read is good enough, however many blocks there are. */
const FRESH = 4;

/** A part of what tells reads apart. */
export type KeyPart = string | number | bigint | boolean | undefined;

/** What a read has come to. */
export interface Read<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

/** How often something is read. */
export interface ReadOptions {
  /** False: not yet. */
  readonly enabled?: boolean;
  /** It never changes, so it is read once. */
  readonly once?: boolean;
}

/** A read of the chain, repeated when a new block was seen, though not more often than every few seconds. */
export function useRead<T>(
  key: readonly KeyPart[],
  read: (client: Client) => Promise<T>,
  { enabled = true, once = false }: ReadOptions = {},
): Read<T> {
  const { client } = useNetwork();
  const head = useHead();
  const epoch = once ? 0 : Math.floor((head?.timestamp ?? 0) / FRESH);
  const queryKey = [...key.map(String), epoch];
  const { data, error, isPending, refetch } = useQuery({
    queryKey,
    queryFn: () => read(client),
    enabled,
    staleTime: Infinity,
    placeholderData: keptFor(queryKey),
  });
  return { data, error, isPending, refetch };
}
