import { getOffers, type NodeOffer } from "@opg-protocol/sdk";
import { type ReactNode, useMemo } from "react";

import { offersOf } from "../../entities/serving.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Async } from "../../parts/Async.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";

const COLUMNS: readonly Column<NodeOffer & { readonly isReady: boolean }>[] = [
  {
    key: "node",
    title: "Node",
    render: ({ node, isReady }) => (
      <>
        <AddressLink address={node} /> {!isReady && <Badge>takes none now</Badge>}
      </>
    ),
  },
  {
    key: "price",
    title: "Price of a call",
    align: "end",
    render: ({ callPrice }) => <Amount value={callPrice} />,
    sort: ({ callPrice }) => callPrice,
  },
  {
    key: "least",
    title: "Stake behind a session, at least",
    align: "end",
    render: ({ leastCollateral }) => <Amount value={leastCollateral} />,
    sort: ({ leastCollateral }) => leastCollateral,
  },
  {
    key: "free",
    title: "Free stake",
    align: "end",
    render: ({ free }) => <Amount value={free} />,
    sort: ({ free }) => free,
  },
];

/** What nodes ask for calls of a version, and whether they can take a session now. */
export function CallPrices({ versionId }: { readonly versionId: string }): ReactNode {
  const { index } = useHistory();
  const now = useHead()?.timestamp ?? 0;
  const nodes = useMemo(
    () =>
      offersOf(index)
        .filter((offer) => offer.versionId === versionId && offer.callPrice > 0n)
        .map(({ node }) => node),
    [index, versionId],
  );
  const read = useRead(["offers", versionId, nodes.join()], (client) => getOffers(client, { versionId, nodes }), {
    enabled: nodes.length > 0,
  });
  if (nodes.length === 0) return <Empty>No node offers calls of it.</Empty>;
  return (
    <Async read={read} what="the offers">
      {(offers) => (
        <DataTable
          caption="Prices of calls"
          columns={COLUMNS}
          rows={offers.map((offer) => ({ ...offer, isReady: isReady(offer, now) }))}
          rowKey={({ node }) => node}
          empty="No node offers calls of it."
          pageSize={10}
        />
      )}
    </Async>
  );
}

/** Whether a session could begin: the least collateral is free, inside of what the node lets answer, and not about to end. */
const isReady = ({ collateral, leastCollateral, free, latestEnd, covered }: NodeOffer, now: number): boolean =>
  covered && latestEnd > now && collateral >= leastCollateral && free >= leastCollateral;
