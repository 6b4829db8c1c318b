import { type ReactNode, useMemo } from "react";

import { type ConsumerLocks, type Lock, lockHistoryOf, locksOf } from "../../entities/locks.ts";
import { contractNames } from "../../entities/names.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead, useNetwork } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { opgNumber, Shares } from "../../parts/charts/index.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { shortHash } from "../../parts/format.ts";
import { Time } from "../../parts/Time.tsx";
import { Obligation } from "./Obligation.tsx";
import { StackedLocks } from "./StackedLocks.tsx";

const CONSUMERS: readonly Column<ConsumerLocks>[] = [
  { key: "consumer", title: "Consumer", render: ({ consumer }) => <AddressLink address={consumer} /> },
  {
    key: "locked",
    title: "Locked",
    align: "end",
    render: ({ locked }) => <Amount value={locked} />,
    sort: ({ locked }) => locked,
  },
  {
    key: "cap",
    title: "May lock in all",
    align: "end",
    render: ({ cap, capTx }) => <Amount value={cap} {...(capTx !== undefined && { tx: capTx })} />,
    sort: ({ cap }) => cap,
  },
];

/** What of a node's stake answers to whom, for what, until when. */
export function Locks({ address }: { readonly address: string }): ReactNode {
  const { index } = useHistory();
  const { addresses } = useNetwork().config.deployment;
  const now = useHead()?.timestamp ?? 0;
  const [consumers, history] = useMemo(
    () => [locksOf(index, address), lockHistoryOf(index, address)] as const,
    [index, address],
  );
  if (consumers.length === 0) return <Empty>Nobody may lock its stake, and nothing is locked.</Empty>;
  const nameOf = (consumer: string) => contractNames(addresses).get(consumer.toLowerCase()) ?? shortHash(consumer);
  const locks = consumers.flatMap((consumer) => consumer.locks);
  return (
    <>
      <p className="muted">
        A consumer is a contract that the node lets lock its stake. It can slash what it has locked, and nothing else.
      </p>
      <DataTable
        caption="Consumers"
        columns={CONSUMERS}
        rows={consumers}
        rowKey={({ consumer }) => consumer}
        empty="Nobody may lock its stake."
      />
      {locks.length > 0 && (
        <Shares
          title="Locked stake by consumer"
          unit="OPG"
          items={consumers.map(({ consumer, locked }) => ({ label: nameOf(consumer), value: opgNumber(locked) }))}
        />
      )}
      {history.length > 0 && <StackedLocks history={history} nameOf={nameOf} />}
      <DataTable
        caption="Each lock"
        columns={locksAt(now)}
        rows={locks}
        rowKey={({ consumer, obligation }) => `${consumer} ${obligation}`}
        empty="Nothing is locked."
        pageSize={10}
      />
    </>
  );
}

const locksAt = (now: number): readonly Column<Lock>[] => [
  { key: "consumer", title: "Consumer", render: ({ consumer }) => <AddressLink address={consumer} /> },
  { key: "obligation", title: "Answers for", render: ({ obligation }) => <Obligation id={obligation} /> },
  {
    key: "amount",
    title: "Amount",
    align: "end",
    render: ({ amount, tx }) => <Amount value={amount} tx={tx} />,
    sort: ({ amount }) => amount,
  },
  {
    key: "ends",
    title: "Until",
    render: ({ endsAt }) => (
      <>
        <Time at={endsAt} /> {endsAt <= now && <Badge>over: anyone can clear it</Badge>}
      </>
    ),
    sort: ({ endsAt }) => endsAt,
  },
];
