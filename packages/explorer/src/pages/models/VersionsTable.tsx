import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";

import { isServedAt, servingsOf } from "../../entities/serving.ts";
import { type Use, useOfVersion } from "../../entities/usage.ts";
import type { VersionView } from "../../entities/versions.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Bytes } from "../../parts/Bytes.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { AgreementText } from "./AgreementText.tsx";

interface Row {
  readonly version: VersionView;
  readonly use: Use;
  /** Nodes that serve it now. */
  readonly nodes: number;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: "number",
    title: "Version",
    render: ({ version }) => (
      <>
        <Link href={to.version(version.versionId)}>{version.number}</Link>{" "}
        {version.deprecation !== undefined && <Badge tone="bad">deprecated</Badge>}{" "}
        {version.admission !== undefined && <Badge tone="good">can be disputed</Badge>}
      </>
    ),
    sort: ({ version }) => version.release.major * 65_536 + version.release.minor,
  },
  {
    key: "released",
    title: "Released",
    render: ({ version }) => <Time at={version.releasedAt} tx={version.releasedTx} />,
    sort: ({ version }) => version.releasedAt,
  },
  {
    key: "size",
    title: "Size",
    align: "end",
    render: ({ version }) => <Bytes value={version.identity.artifactSize} />,
    sort: ({ version }) => version.identity.artifactSize,
  },
  { key: "nodes", title: "Nodes", align: "end", render: ({ nodes }) => nodes, sort: ({ nodes }) => nodes },
  {
    key: "jobs",
    title: "Jobs",
    align: "end",
    render: ({ use }) => use.jobs.length.toLocaleString("en"),
    sort: ({ use }) => use.jobs.length,
  },
  {
    key: "royalties",
    title: "Earned by owner",
    align: "end",
    render: ({ use }) => <Amount value={use.royalties} />,
    sort: ({ use }) => use.royalties,
  },
  { key: "agreement", title: "Agreement", render: ({ use }) => <AgreementText agreement={use.agreement} /> },
];

/** The versions of a model, the latest release first. */
export function VersionsTable({ versions }: { readonly versions: readonly VersionView[] }): ReactNode {
  const { index } = useHistory();
  const now = useHead()?.timestamp ?? 0;
  const rows = useMemo(
    () =>
      versions
        .map((version): Row => {
          const { versionId } = version;
          const serving = servingsOf(index).filter((each) => each.versionId === versionId && isServedAt(each, now));
          return { version, use: useOfVersion(index, versionId), nodes: new Set(serving.map(({ node }) => node)).size };
        })
        .toReversed(),
    [index, versions, now],
  );
  return (
    <DataTable
      caption="All versions of the model"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ version }) => version.versionId}
      empty="Nothing was released yet."
    />
  );
}
