import type { ReactNode } from "react";

import { type BatchView, batchesOf } from "../../entities/sessionParts.ts";
import { useEntities } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignLink } from "../../parts/ForeignLink.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";

const COLUMNS: readonly Column<BatchView>[] = [
  { key: "id", title: "Batch", render: ({ batchId }) => <Hash value={batchId} /> },
  { key: "poster", title: "Posted by", render: ({ poster }) => <AddressLink address={poster} /> },
  {
    key: "count",
    title: "Leaves",
    align: "end",
    render: ({ count }) => count.toLocaleString("en"),
    sort: ({ count }) => count,
  },
  { key: "uri", title: "Where they can be read", render: ({ uri }) => <ForeignLink uri={uri} /> },
  {
    key: "at",
    title: "Posted",
    render: ({ postedAt, tx }) => <Time at={postedAt} tx={tx} />,
    sort: ({ postedAt }) => postedAt,
  },
];

/** Batches of statements, such as receipts, that were posted. */
export function BatchTable({
  batches,
  empty,
}: {
  readonly batches: readonly BatchView[];
  readonly empty: string;
}): ReactNode {
  return (
    <DataTable
      caption="Batches that were posted"
      columns={COLUMNS}
      rows={batches}
      rowKey={({ batchId }) => batchId}
      empty={empty}
      pageSize={10}
    />
  );
}

/** All batches. */
export function Batches(): ReactNode {
  const batches = useEntities(batchesOf);
  return (
    <Section title="Posted batches">
      <BatchTable batches={batches} empty="Nobody has posted a batch yet." />
    </Section>
  );
}
