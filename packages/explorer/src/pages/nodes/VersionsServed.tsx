import type { ReactNode } from "react";

import { isServedAt, type Offer, type Served } from "../../entities/serving.ts";
import type { NodeSummary } from "../../entities/stakes.ts";
import { useHead } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Time } from "../../parts/Time.tsx";
import { SERVED_FOR } from "../models/ServingNodes.tsx";
import { Obligation } from "./Obligation.tsx";

const OFFERS: readonly Column<Offer>[] = [
  { key: "version", title: "Version", render: ({ versionId }) => <Obligation id={versionId} /> },
  {
    key: "price",
    title: "Price of a call",
    align: "end",
    render: ({ callPrice, tx }) => <Amount value={callPrice} tx={tx} />,
    sort: ({ callPrice }) => callPrice,
  },
  {
    key: "collateral",
    title: "At most answers for a session",
    align: "end",
    render: ({ collateral, tx }) => <Amount value={collateral} tx={tx} />,
    sort: ({ collateral }) => collateral,
  },
  { key: "door", title: "Door", render: ({ endpoint }) => <ForeignText text={endpoint} max={60} /> },
  { key: "since", title: "Since", render: ({ since, tx }) => <Time at={since} tx={tx} />, sort: ({ since }) => since },
];

/** What a node has declared for which versions, and what it asks for calls. */
export function VersionsServed({ node: { served, offers } }: { readonly node: NodeSummary }): ReactNode {
  const now = useHead()?.timestamp ?? 0;
  return (
    <>
      <DataTable
        caption="What it has declared"
        columns={servedAt(now)}
        rows={served.filter(({ maxLock }) => maxLock > 0n)}
        rowKey={({ contract, versionId }) => `${contract} ${versionId}`}
        empty="It serves no version."
        pageSize={10}
      />
      {offers.some(({ callPrice }) => callPrice > 0n) && (
        <>
          <h3>What it asks for calls</h3>
          <DataTable
            caption="Prices of calls"
            columns={OFFERS}
            rows={offers.filter(({ callPrice }) => callPrice > 0n)}
            rowKey={({ versionId }) => versionId}
            empty="It offers no calls."
            pageSize={10}
          />
        </>
      )}
    </>
  );
}

const servedAt = (now: number): readonly Column<Served>[] => [
  { key: "version", title: "Version", render: ({ versionId }) => <Obligation id={versionId} /> },
  { key: "for", title: "For", render: ({ contract }) => SERVED_FOR[contract], sort: ({ contract }) => contract },
  {
    key: "weight",
    title: "Weight in draws",
    align: "end",
    render: ({ weight, tx }) => (weight === 0n ? "–" : <Amount value={weight} tx={tx} />),
    sort: ({ weight }) => weight,
  },
  {
    key: "lock",
    title: "At most locked",
    align: "end",
    render: ({ maxLock, tx }) => <Amount value={maxLock} tx={tx} />,
    sort: ({ maxLock }) => maxLock,
  },
  {
    key: "until",
    title: "Until",
    render: (each) => (
      <>
        <Time at={each.endsAt} /> {!isServedAt(each, now) && <Badge tone="wait">over</Badge>}
      </>
    ),
    sort: ({ endsAt }) => endsAt,
  },
];
