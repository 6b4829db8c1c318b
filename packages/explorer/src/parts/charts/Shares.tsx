import type { ReactNode } from "react";
import { Pie, PieChart } from "recharts";

import ChartFigure from "./ChartFigure.tsx";
import { chartColour } from "./colours.ts";
import Legend from "./Legend.tsx";
import { partsLabel, type Valued } from "./labels.ts";
import { numberText, shareText, sumOf } from "./numbers.ts";
import Sized from "./Sized.tsx";

const HEIGHT = 180;

interface Props {
  readonly title: string;
  readonly items: readonly Valued[];
  readonly unit: string;
}

/** Parts of a whole as a ring, with their shares beside it. */
export default function Shares({ title, items, unit }: Props): ReactNode {
  const shown = items.filter(({ value }) => value > 0);
  const total = sumOf(shown.map(({ value }) => value));
  const coloured = shown.map((item, index) => ({ ...item, fill: chartColour(index) }));
  return (
    <ChartFigure
      title={title}
      label={partsLabel(title, shown, unit)}
      columns={["", unit, "Share"]}
      rows={shown.map(({ label, value }) => [label, numberText(value), shareText(value, total)])}
    >
      <div className="chart-beside">
        <Sized height={HEIGHT}>
          {(width) => (
            <PieChart width={width} height={HEIGHT} accessibilityLayer={false}>
              <Pie
                data={coloured}
                dataKey="value"
                nameKey="label"
                innerRadius="55%"
                outerRadius="95%"
                stroke="var(--raised)"
                isAnimationActive={false}
                rootTabIndex={-1}
              />
            </PieChart>
          )}
        </Sized>
        <Legend
          items={coloured.map(({ label, value, fill }) => ({ label, colour: fill, text: shareText(value, total) }))}
        />
      </div>
    </ChartFigure>
  );
}
