import "./dispute.css";

import type { ReactNode } from "react";
import { Link } from "wouter";

import { type DemandView, demandsOf } from "../../entities/demands.ts";
import { type Dispute, disputesOf } from "../../entities/disputes.ts";
import { disputeTotals, type Sum } from "../../entities/disputeTotals.ts";
import { nameOfVersion } from "../../entities/names.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { opgNumber, TimeSeries } from "../../parts/charts/index.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { ListState } from "../../parts/ListState.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { GameLink } from "./GameLink.tsx";
import { MoveClock } from "./MoveClock.tsx";
import { StatementLink } from "./StatementLink.tsx";
import { stateWord } from "./words.ts";

const LEAD =
  "Anyone who runs a model again and gets another answer can dispute it: with a bond, and at most seven moves until a contract has computed one number. Whoever is wrong pays.";

/** All disputes, and what they have moved. */
export default function DisputesPage(): ReactNode {
  const disputes = useEntities(disputesOf);
  return (
    <Page title="Disputes" lead={LEAD}>
      <Section title="All disputes">
        <ListState count={disputes.length} what="disputes">
          <GamesTable disputes={disputes} />
        </ListState>
      </Section>
      <TotalsChart />
      <Demands />
    </Page>
  );
}

function GamesTable({ disputes }: { readonly disputes: readonly Dispute[] }): ReactNode {
  const { index } = useHistory();
  const columns: readonly Column<Dispute>[] = [
    { key: "game", title: "Dispute", render: ({ gameId }) => <GameLink gameId={gameId} /> },
    { key: "state", title: "State", render: (dispute) => <State dispute={dispute} />, sort: ({ state }) => state },
    {
      key: "opened",
      title: "Opened",
      render: ({ game, moves }) => (
        <Time at={game.openedAt} tx={moves.find(({ kind }) => kind === "challenged")?.tx ?? ""} />
      ),
      sort: ({ game }) => game.openedAt,
    },
    { key: "node", title: "Node", render: ({ game }) => <AddressLink address={game.node} /> },
    { key: "challenger", title: "Challenger", render: ({ game }) => <AddressLink address={game.challenger} /> },
    { key: "about", title: "About", render: ({ stated }) => <StatementLink stated={stated} /> },
    {
      key: "version",
      title: "Version",
      render: ({ stated }) =>
        stated?.versionId === undefined ? (
          "–"
        ) : (
          <Link href={to.version(stated.versionId)}>{nameOfVersion(index, stated.versionId)}</Link>
        ),
    },
    {
      key: "bond",
      title: "Bond",
      align: "end",
      render: ({ game }) => <Amount value={game.bond} />,
      sort: ({ game }) => game.bond,
    },
    {
      key: "slashed",
      title: "Slashed",
      align: "end",
      render: ({ payment }) => (payment === undefined ? "–" : <Amount value={payment.slashed} tx={payment.tx} />),
      sort: ({ payment }) => payment?.slashed ?? 0n,
    },
  ];
  return (
    <DataTable
      caption="Disputes, newest first"
      columns={columns}
      rows={disputes}
      rowKey={({ gameId }) => gameId}
      empty="No answer was disputed yet. On the page of a job that one node answers you can check its answer."
    />
  );
}

function State({ dispute: { state, next } }: { readonly dispute: Dispute }): ReactNode {
  const { tone, text } = stateWord(state);
  return (
    <>
      <Badge tone={tone}>{text}</Badge>{" "}
      {next !== undefined && next.move !== "close" && <MoveClock until={next.until} />}
    </>
  );
}

function TotalsChart(): ReactNode {
  const { bonds, lostBonds, slashes } = useEntities(disputeTotals);
  const { index } = useHistory();
  const head = useHead();
  const start = index.all[0]?.timestamp ?? 0;
  const end = head?.timestamp ?? index.all.at(-1)?.timestamp ?? start;
  if (bonds.length === 0 && slashes.length === 0) return undefined;
  // From zero, when the deployment was made, until now.
  const points = (sums: readonly Sum[]) =>
    sums.length === 0
      ? []
      : [[start, 0n] as const, ...sums, [end, sums.at(-1)?.[1] ?? 0n] as const].map(
          ([at, amount]) => [at, opgNumber(amount)] as const,
        );
  const series = [
    { label: "Bonds laid down", points: points(bonds) },
    { label: "Bonds lost", points: points(lostBonds) },
    { label: "Stake slashed", points: points(slashes) },
  ].filter((each) => each.points.length > 0);
  return (
    <Section title="Bonds and slashes">
      <TimeSeries title="Sums since the deployment" series={series} unit="OPG" kind="step" />
    </Section>
  );
}

const DEMAND_COLUMNS: readonly Column<DemandView>[] = [
  { key: "id", title: "Demand", render: ({ demandId }) => <Hash value={demandId} /> },
  {
    key: "state",
    title: "State",
    render: ({ state, demand, ended }) => (
      <>
        <Badge tone={stateWord(state).tone}>{stateWord(state).text}</Badge>{" "}
        {ended === undefined ? <Clock until={demand.deadline} /> : <Time at={ended.at} tx={ended.tx} />}
      </>
    ),
  },
  { key: "at", title: "Demanded", render: ({ at, tx }) => <Time at={at} tx={tx} />, sort: ({ at }) => at },
  { key: "node", title: "Node", render: ({ demand }) => <AddressLink address={demand.node} /> },
  { key: "payer", title: "Paid by", render: ({ demand }) => <AddressLink address={demand.payer} /> },
  { key: "words", title: "Words", align: "end", render: ({ demand }) => demand.count.toString() },
  { key: "price", title: "Price", align: "end", render: ({ demand, tx }) => <Amount value={demand.price} tx={tx} /> },
];

/** Words of inputs and outputs that somebody has paid for; most deployments have none. */
function Demands(): ReactNode {
  const demands = useEntities(demandsOf);
  if (demands.length === 0) return undefined;
  return (
    <Section title="Data that nodes were told to publish">
      <DataTable
        caption="Demands, newest first"
        columns={DEMAND_COLUMNS}
        rows={demands}
        rowKey={({ demandId }) => demandId}
        empty={undefined}
      />
    </Section>
  );
}
