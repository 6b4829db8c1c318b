import type { ReactNode } from "react";
import { Bar, BarChart, XAxis, YAxis } from "recharts";

import ChartFigure from "./ChartFigure.tsx";
import { numberText, tickText } from "./numbers.ts";
import Sized from "./Sized.tsx";

const HEIGHT = 200;

interface Props {
  readonly title: string;
  /** In their order. */
  readonly values: readonly number[];
  readonly unit: string;
}

/** Many numbers in their order, one upright bar each. */
export default function Columns({ title, values, unit }: Props): ReactNode {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const axis = { stroke: "var(--line)", tick: { fill: "var(--text)", fontSize: 12 } };
  return (
    <ChartFigure
      title={title}
      label={`${title}: ${values.length} numbers from ${numberText(least)} to ${numberText(most, unit)}.`}
      columns={["Place", unit === "" ? "Number" : unit]}
      rows={values.map((value, place) => [place, numberText(value)])}
    >
      <Sized height={HEIGHT}>
        {(width) => (
          <BarChart
            width={width}
            height={HEIGHT}
            data={values.map((value, place) => ({ place, value }))}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <XAxis {...axis} dataKey="place" minTickGap={16} />
            <YAxis {...axis} tickFormatter={tickText} width={56} />
            <Bar dataKey="value" fill="var(--chart-1)" isAnimationActive={false} />
          </BarChart>
        )}
      </Sized>
    </ChartFigure>
  );
}
