import type { ReactNode } from "react";

import { type Announced, stepsUntil } from "../../entities/announced.ts";
import { heldUntil } from "../../entities/heldUntil.ts";
import { type ModelView, royaltyOf } from "../../entities/models.ts";
import { useHead } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { opgNumber, TimeSeries } from "../../parts/charts/index.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Time } from "../../parts/Time.tsx";

const COLUMNS: readonly Column<Announced<bigint>>[] = [
  { key: "value", title: "Royalty", align: "end", render: ({ value, tx }) => <Amount value={value} tx={tx} /> },
  { key: "announced", title: "Announced", render: ({ announcedAt }) => <Time at={announcedAt} /> },
  { key: "from", title: "Holds from", render: ({ effectiveAt }) => <Time at={effectiveAt} /> },
];

/** What the owner of a model asks for each inference, now, before and later. */
export function Royalties({ model }: { readonly model: ModelView }): ReactNode {
  const now = useHead()?.timestamp ?? 0;
  const { next } = royaltyOf(model, now);
  const points = stepsUntil(model.royalties, now).map(([at, value]) => [at, opgNumber(value)] as const);
  return (
    <>
      {next !== undefined && (
        <p className="note wait" role="note">
          The royalty rises to <Amount value={next.value} tx={next.tx} />, <Clock until={next.effectiveAt} />. An order
          names the most that it pays, and is refused above that.
        </p>
      )}
      {points.length > 1 && (
        <TimeSeries
          title="Royalty of an inference"
          kind="step"
          unit="OPG"
          series={[{ label: "Royalty", points: heldUntil(points, now) }]}
        />
      )}
      <DataTable
        caption="Royalties that were set"
        columns={COLUMNS}
        rows={model.royalties.toReversed()}
        rowKey={({ tx, value, effectiveAt }) => `${tx} ${value.toString()} ${effectiveAt.toString()}`}
        empty="No royalty was ever set."
      />
    </>
  );
}
