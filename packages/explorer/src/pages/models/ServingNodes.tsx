import { type ReactNode, useMemo } from "react";

import {
  isServedAt,
  type Offer,
  offersOf,
  type Served,
  type ServingContract,
  servingsOf,
} from "../../entities/serving.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Time } from "../../parts/Time.tsx";

interface Row {
  readonly served: Served;
  /** For sessions. */
  readonly offer: Offer | undefined;
}

/** What a declaration is good for. */
export const SERVED_FOR: Readonly<Record<ServingContract, string>> = {
  market: "jobs of several nodes",
  optimistic: "jobs of one node",
  sessions: "calls in sessions",
};

const COLUMNS: readonly Column<Row>[] = [
  {
    key: "node",
    title: "Node",
    render: ({ served }) => <AddressLink address={served.node} />,
    sort: ({ served }) => served.node,
  },
  {
    key: "for",
    title: "For",
    render: ({ served }) => SERVED_FOR[served.contract],
    sort: ({ served }) => served.contract,
  },
  {
    key: "weight",
    title: "Weight in draws",
    align: "end",
    render: ({ served }) => (served.weight === 0n ? "–" : <Amount value={served.weight} tx={served.tx} />),
    sort: ({ served }) => served.weight,
  },
  {
    key: "lock",
    title: "At most locked",
    align: "end",
    render: ({ served }) => <Amount value={served.maxLock} tx={served.tx} />,
    sort: ({ served }) => served.maxLock,
  },
  {
    key: "until",
    title: "Until",
    render: ({ served }) => <Time at={served.endsAt} />,
    sort: ({ served }) => served.endsAt,
  },
  {
    key: "price",
    title: "Price of a call",
    align: "end",
    render: ({ offer }) => (offer === undefined ? "–" : <Amount value={offer.callPrice} tx={offer.tx} />),
    sort: ({ offer }) => offer?.callPrice ?? 0n,
  },
  {
    key: "door",
    title: "Door",
    render: ({ offer }) => (offer === undefined ? "–" : <ForeignText text={offer.endpoint} max={60} />),
  },
];

/** The nodes that serve a version now, and for what. */
export function ServingNodes({ versionId }: { readonly versionId: string }): ReactNode {
  const { index } = useHistory();
  const now = useHead()?.timestamp ?? 0;
  const rows = useMemo(() => {
    const offers = offersOf(index).filter((offer) => offer.versionId === versionId && offer.callPrice > 0n);
    return servingsOf(index)
      .filter((served) => served.versionId === versionId && isServedAt(served, now))
      .map((served): Row => {
        const offer = offers.find(({ node }) => node === served.node);
        return { served, offer: served.contract === "sessions" ? offer : undefined };
      });
  }, [index, versionId, now]);
  return (
    <DataTable
      caption="Who serves the version, and for what"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ served }) => `${served.contract} ${served.node}`}
      empty="No node serves it now."
    />
  );
}
