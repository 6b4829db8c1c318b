import type { ReactElement, ReactNode } from "react";
import { Treemap as RechartsTreemap, type TreemapNode } from "recharts";
import { Link, useLocation } from "wouter";

import ChartFigure from "./ChartFigure.tsx";
import { chartColour } from "./colours.ts";
import { partsLabel, type Valued } from "./labels.ts";
import { numberText, shareText, sumOf } from "./numbers.ts";
import Sized from "./Sized.tsx";

const HEIGHT = 240;

interface TreemapItem extends Valued {
  /** A route of this page. */
  readonly to?: string;
}

interface Props {
  readonly title: string;
  readonly items: readonly TreemapItem[];
  readonly unit: string;
}

/** Parts of a whole as areas. A click on one opens its route; the table has the same as links. */
export default function Treemap({ title, items, unit }: Props): ReactNode {
  const [, navigate] = useLocation();
  const shown = items.filter(({ value }) => value > 0).toSorted((a, b) => b.value - a.value);
  const total = sumOf(shown.map(({ value }) => value));
  const draw = (node: TreemapNode): ReactElement => {
    const to = shown[node.index]?.to;
    return (
      <Cell
        node={node}
        unit={unit}
        open={
          to === undefined
            ? undefined
            : () => {
                navigate(to);
              }
        }
      />
    );
  };
  return (
    <ChartFigure
      title={title}
      label={partsLabel(title, shown, unit)}
      columns={["", unit, "Share"]}
      rows={shown.map(({ label, value, to }, index) => [
        to === undefined ? (
          label
        ) : (
          <Link key={index} href={to}>
            {label}
          </Link>
        ),
        numberText(value),
        shareText(value, total),
      ])}
    >
      <Sized height={HEIGHT}>
        {(width) => (
          <RechartsTreemap
            width={width}
            height={HEIGHT}
            data={shown.map(({ label, value }) => ({ name: label, value }))}
            dataKey="value"
            content={draw}
            isAnimationActive={false}
            isUpdateAnimationActive={false}
          />
        )}
      </Sized>
    </ChartFigure>
  );
}

interface CellProps {
  readonly node: TreemapNode;
  readonly unit: string;
  readonly open: (() => void) | undefined;
}

/** Names are written only where there is room. */
function Cell({ node, unit, open }: CellProps): ReactElement {
  const { x, y, width, height, depth, index, name, value } = node;
  if (depth === 0) return <g />;
  const letters = Math.floor((width - 12) / 7);
  return (
    <g onClick={open} className={open === undefined ? undefined : "chart-open"}>
      <title>{`${name}: ${numberText(value, unit)}`}</title>
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        fill={chartColour(index)}
        stroke="var(--raised)"
        strokeWidth={2}
      />
      {height > 22 && letters > 3 && (
        <text x={x + 6} y={y + 16} className="chart-cell">
          {name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
        </text>
      )}
      {height > 40 && letters > 6 && (
        <text x={x + 6} y={y + 32} className="chart-cell">
          {numberText(value, unit).slice(0, letters)}
        </text>
      )}
    </g>
  );
}
