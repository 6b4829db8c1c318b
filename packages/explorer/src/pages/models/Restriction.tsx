import type { ReactNode } from "react";

import type { Listed, ModelView } from "../../entities/models.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Time } from "../../parts/Time.tsx";

const COLUMNS: readonly Column<Listed>[] = [
  { key: "requester", title: "Requester", render: ({ requester }) => <AddressLink address={requester} /> },
  { key: "since", title: "Listed since", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
];

/** Who may order a model. */
export function Restriction({ model }: { readonly model: ModelView }): ReactNode {
  if (!model.isRestricted && model.listed.length === 0) return <p>Anyone may order it.</p>;
  return (
    <>
      <p>
        {model.isRestricted
          ? "Only the requesters on this list may order it."
          : "Anyone may order it. The list below holds if the owner restricts it again."}
      </p>
      <DataTable
        caption="Requesters on the list"
        columns={COLUMNS}
        rows={model.listed}
        rowKey={({ requester }) => requester}
        empty="The list is empty."
      />
    </>
  );
}
