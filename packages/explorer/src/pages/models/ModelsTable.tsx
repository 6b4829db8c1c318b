import type { ReactNode } from "react";
import { Link } from "wouter";

import type { ModelView } from "../../entities/models.ts";
import type { Use } from "../../entities/usage.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

/** A model and what became of it. */
export interface ModelRow {
  readonly model: ModelView;
  readonly use: Use;
}

const COLUMNS: readonly Column<ModelRow>[] = [
  {
    key: "name",
    title: "Name",
    render: ({ model }) => (
      <>
        <Link href={to.model(model.modelId)}>
          <ForeignText text={model.slug} max={64} />
        </Link>{" "}
        {model.lookalikes.length > 0 && <Badge tone="wait">another looks like it</Badge>}{" "}
        {model.isRestricted && <Badge>by list</Badge>}
      </>
    ),
    sort: ({ model }) => model.slug,
  },
  {
    key: "publisher",
    title: "Publisher",
    render: ({ model }) => <AddressLink address={model.publisher} />,
    sort: ({ model }) => model.publisher,
  },
  {
    key: "versions",
    title: "Versions",
    align: "end",
    render: ({ model }) => model.versions.length,
    sort: ({ model }) => model.versions.length,
  },
  {
    key: "jobs",
    title: "Jobs",
    align: "end",
    render: ({ use }) => use.jobs.length.toLocaleString("en"),
    sort: ({ use }) => use.jobs.length,
  },
  {
    key: "sessions",
    title: "Sessions",
    align: "end",
    render: ({ use }) => use.sessions.length.toLocaleString("en"),
    sort: ({ use }) => use.sessions.length,
  },
  {
    key: "royalties",
    title: "Earned by owner",
    align: "end",
    render: ({ use }) => <Amount value={use.royalties} />,
    sort: ({ use }) => use.royalties,
  },
  {
    key: "pay",
    title: "Earned by nodes",
    align: "end",
    render: ({ use }) => <Amount value={use.pay} />,
    sort: ({ use }) => use.pay,
  },
  {
    key: "registered",
    title: "Registered",
    render: ({ model }) => <Time at={model.registeredAt} tx={model.registeredTx} />,
    sort: ({ model }) => model.registeredAt,
  },
];

/** Models, each with its publisher. */
export function ModelsTable({
  rows,
  empty,
}: {
  readonly rows: readonly ModelRow[];
  readonly empty: string;
}): ReactNode {
  return (
    <DataTable caption="Models" columns={COLUMNS} rows={rows} rowKey={({ model }) => model.modelId} empty={empty} />
  );
}
