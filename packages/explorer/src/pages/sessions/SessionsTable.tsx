import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import type { SessionView } from "../../entities/sessions.ts";
import type { EventIndex } from "../../history/EventIndex.ts";
import { useHistory } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { StageBadge } from "./stages.tsx";

interface Props {
  readonly caption: string;
  readonly sessions: readonly SessionView[];
  readonly empty: ReactNode;
  readonly pageSize?: number;
}

/** Sessions, each in a line. */
export function SessionsTable({ caption, sessions, empty, pageSize = 25 }: Props): ReactNode {
  const { index } = useHistory();
  return (
    <DataTable
      caption={caption}
      columns={columnsOf(index)}
      rows={sessions}
      rowKey={({ sessionId }) => sessionId}
      empty={empty}
      pageSize={pageSize}
    />
  );
}

const columnsOf = (index: EventIndex): readonly Column<SessionView>[] => [
  { key: "id", title: "Session", render: ({ sessionId }) => <Hash value={sessionId} to={to.session(sessionId)} /> },
  { key: "stage", title: "State", render: (session) => <StageBadge session={session} /> },
  {
    key: "version",
    title: "Version",
    render: ({ fields: { versionId } }) => (
      <Link href={to.version(versionId)}>
        <ForeignText text={nameOfVersion(index, versionId)} />
      </Link>
    ),
  },
  { key: "payer", title: "Payer", render: ({ fields }) => <AddressLink address={fields.payer} /> },
  { key: "node", title: "Node", render: ({ fields }) => <AddressLink address={fields.node} /> },
  {
    key: "price",
    title: "Price of a call",
    align: "end",
    render: ({ fields, openedTx }) => <Amount value={fields.callPrice} tx={openedTx} />,
    sort: ({ fields }) => fields.callPrice,
  },
  {
    key: "redeemed",
    title: "Redeemed",
    align: "end",
    render: ({ redeemed, redeemedTx, openedTx }) => <Amount value={redeemed} tx={redeemedTx ?? openedTx} />,
    sort: ({ redeemed }) => redeemed,
  },
  {
    key: "funded",
    title: "Deposit",
    align: "end",
    render: ({ funded, fundedTx }) => <Amount value={funded} tx={fundedTx} />,
    sort: ({ funded }) => funded,
  },
  {
    key: "opened",
    title: "Opened",
    render: ({ openedAt, openedTx }) => <Time at={openedAt} tx={openedTx} />,
    sort: ({ openedAt }) => openedAt,
  },
];
