import type { ReactNode } from "react";

import type { EventIndex, TimedEventNamed } from "../../history/EventIndex.ts";
import { useEntities } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignLink } from "../../parts/ForeignLink.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";

type Posted = TimedEventNamed<"BatchPosted">;

const COLUMNS: readonly Column<Posted>[] = [
  { key: "id", title: "Batch", render: ({ args }) => <Hash value={args.batchId} /> },
  { key: "poster", title: "Posted by", render: ({ args }) => <AddressLink address={args.poster} /> },
  {
    key: "count",
    title: "Leaves",
    align: "end",
    render: ({ args }) => args.count.toLocaleString("en"),
    sort: ({ args }) => args.count,
  },
  { key: "uri", title: "Where the leaves are", render: ({ args }) => <ForeignLink uri={args.uri} /> },
  {
    key: "at",
    title: "Posted",
    render: ({ timestamp, transactionHash }) => <Time at={timestamp} tx={transactionHash} />,
    sort: ({ timestamp }) => timestamp,
  },
];

/** All batches that were posted. */
export function PostedBatches(): ReactNode {
  const batches = useEntities(newestFirst);
  return (
    <Section title="Posted batches">
      <DataTable
        caption="Posted batches"
        columns={COLUMNS}
        rows={batches}
        rowKey={({ args }) => args.batchId}
        empty="No batch was posted yet."
      />
    </Section>
  );
}

const newestFirst = (index: EventIndex): readonly Posted[] => index.named("BatchPosted").toReversed();
