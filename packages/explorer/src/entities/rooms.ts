import type { NodeSummary } from "./stakes.ts";

/** What can still be delegated to a node that may have `ratio` times its own stake; OPG in base units. */
export function roomOf({ own, delegated }: Pick<NodeSummary, "own" | "delegated">, ratio: number): bigint {
  const room = own * BigInt(ratio) - delegated;
  return room > 0n ? room : 0n;
}
