import { type ReactNode, useMemo } from "react";

import { heldUntil } from "../../entities/heldUntil.ts";
import { type Reward, rewardsOf } from "../../entities/nodeView.ts";
import type { NodeSummary } from "../../entities/stakes.ts";
import { pastYieldOf } from "../../entities/yields.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { opgNumber, TimeSeries } from "../../parts/charts/index.tsx";
import { running } from "../../parts/charts/series.ts";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Time } from "../../parts/Time.tsx";
import { YieldText } from "./YieldText.tsx";

const COLUMNS: readonly Column<Reward>[] = [
  { key: "at", title: "When", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
  { key: "payer", title: "From", render: ({ payer }) => <AddressLink address={payer} /> },
  {
    key: "commission",
    title: "Commission",
    align: "end",
    render: ({ commission, tx }) => <Amount value={commission} tx={tx} />,
    sort: ({ commission }) => commission,
  },
  {
    key: "own",
    title: "To own stake",
    align: "end",
    render: ({ own, tx }) => <Amount value={own} tx={tx} />,
    sort: ({ own }) => own,
  },
  {
    key: "delegated",
    title: "To delegated stake",
    align: "end",
    render: ({ delegated, tx }) => <Amount value={delegated} tx={tx} />,
    sort: ({ delegated }) => delegated,
  },
];

/** What a node was paid, and how that was divided. */
export function Earnings({ node }: { readonly node: NodeSummary }): ReactNode {
  const { index } = useHistory();
  const now = useHead()?.timestamp ?? node.lastActivity;
  const { rewards, past } = useMemo(
    () => ({ rewards: rewardsOf(index, node.address), past: pastYieldOf(index, node, { from: 0, to: now }) }),
    [index, node, now],
  );
  const added = rewards.map(
    ({ at, commission, own, delegated }) => [at, opgNumber(commission + own + delegated)] as const,
  );
  return (
    <>
      <Facts
        items={[
          ["Paid so far", <Amount key="paid" value={past.rewarded} />],
          ["Delegated stake has earned", <YieldText key="yield" past={past} />],
          ["Commission not taken yet", <Amount key="earnings" value={node.earnings} />],
        ]}
      />
      <p className="muted">
        What a node earns waits in the market or in sessions until somebody claims it for the node; then it is counted
        here.
      </p>
      {rewards.length > 0 && (
        <TimeSeries
          title="Paid so far"
          kind="step"
          unit="OPG"
          series={[{ label: "All of it", points: heldUntil(running(added.toReversed()), now) }]}
        />
      )}
      <DataTable
        caption="Rewards"
        columns={COLUMNS}
        rows={rewards}
        rowKey={({ tx, payer, own, commission }) => `${tx} ${payer} ${own.toString()} ${commission.toString()}`}
        empty="No earnings yet."
        pageSize={10}
      />
    </>
  );
}
