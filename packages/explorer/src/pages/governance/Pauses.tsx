import type { ReactNode } from "react";

import { type Entries, entriesOf, type Pause, pausesOf } from "../../entities/pauses.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Time } from "../../parts/Time.tsx";

const ENTRIES: readonly Column<Entries>[] = [
  { key: "contract", title: "Contract", render: ({ contract }) => <code>{contract}</code> },
  { key: "state", title: "Entries", render: (entries) => <EntriesState entries={entries} /> },
  { key: "closes", title: "Takes", render: ({ closes }) => closes },
];

const PAUSES: readonly Column<Pause>[] = [
  { key: "at", title: "Paused", render: ({ at, tx }) => <Time at={at} tx={tx} /> },
  { key: "guardian", title: "By", render: ({ guardian }) => <AddressLink address={guardian} /> },
  { key: "ends", title: "Ends by itself", render: ({ endsAt }) => <Time at={endsAt} /> },
  {
    key: "resumed",
    title: "Ended before",
    render: ({ resumed }) => (resumed === undefined ? "–" : <Time at={resumed.at} tx={resumed.tx} />),
  },
];

/** What is paused and until when, and all pauses that there were. */
export function Pauses(): ReactNode {
  const entries = useEntities(entriesOf);
  const pauses = useEntities(pausesOf);
  return (
    <>
      <p>
        The guardian can close new entries for a time, which ends by itself. What exists goes on: answers, settlement,
        disputes and withdrawals are never paused.
      </p>
      <DataTable
        caption="Entries of each contract"
        columns={ENTRIES}
        rows={entries}
        rowKey={({ contract }) => contract}
        empty=""
      />
      {pauses.length > 0 && (
        <>
          <h3>Pauses so far</h3>
          <DataTable caption="Pauses" columns={PAUSES} rows={pauses} rowKey={({ tx }) => tx} empty="" />
        </>
      )}
    </>
  );
}

function EntriesState({ entries: { closedUntil, tx } }: { readonly entries: Entries }): ReactNode {
  const now = useNow();
  if (closedUntil <= now) return <Badge tone="good">open</Badge>;
  return (
    <>
      <Badge tone="bad">closed</Badge> until{" "}
      {tx === undefined ? <Time at={closedUntil} /> : <Time at={closedUntil} tx={tx} />} (
      <Clock label="opens" until={closedUntil} />)
    </>
  );
}
