import { getOptimisticServing } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { useRead } from "../network/useRead.ts";
import { Amount } from "../parts/Amount.tsx";

interface Props {
  readonly node: string;
  readonly versionId: string;
  /** What of the node's stake the order asks for, OPG in base units. */
  readonly collateral: bigint;
}

/** Says so if a node has too little stake left for an order: the chain takes the order all the same, and nobody answers it. */
export function NodeRoom({ node, versionId, collateral }: Props): ReactNode {
  const { data } = useRead(["room of a node", node, versionId], (client) =>
    getOptimisticServing(client, { node, versionId }),
  );
  if (data === undefined) return null;
  const free = data.maxLock > data.used ? data.maxLock - data.used : 0n;
  if (free >= collateral) return null;
  return (
    <p className="note wait">
      The node has only <Amount value={free} /> of stake left for this version: it would not answer this order.
    </p>
  );
}
