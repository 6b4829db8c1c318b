import type { ReactNode } from "react";
import { Link } from "wouter";

import { type TimelockOperation, waitingOperations } from "../../entities/operations.ts";
import { useEntities } from "../../history/useHistory.ts";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { CallTitle } from "./CallTitle.tsx";

const COLUMNS: readonly Column<TimelockOperation>[] = [
  {
    key: "calls",
    title: "Calls",
    render: ({ calls }) => (
      <ul className="plain-list">
        {calls.map((call, i) => (
          <li key={i}>
            <CallTitle call={call} />
          </li>
        ))}
      </ul>
    ),
  },
  {
    key: "executable",
    title: "Can be executed",
    render: ({ executableAt }) => (
      <>
        <Time at={executableAt} /> (<Clock until={executableAt} />)
      </>
    ),
    sort: ({ executableAt }) => executableAt,
  },
  {
    key: "scheduled",
    title: "Queued",
    render: ({ scheduled }) => <Time at={scheduled.at} tx={scheduled.tx} />,
  },
  {
    key: "from",
    title: "From",
    render: ({ id, proposalId }) =>
      proposalId === undefined ? <Hash value={id} /> : <Link href={to.proposal(proposalId)}>its proposal</Link>,
  },
];

/** What was voted for and waits for its delay to end. */
export function TimelockQueue(): ReactNode {
  const waiting = useEntities(waitingOperations);
  return (
    <DataTable caption="What waits" columns={COLUMNS} rows={waiting} rowKey={({ id }) => id} empty="Nothing waits." />
  );
}
