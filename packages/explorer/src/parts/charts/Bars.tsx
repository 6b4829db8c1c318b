import type { ReactNode } from "react";
import { Bar, BarChart, LabelList, XAxis, YAxis } from "recharts";

import type { Tone } from "../Badge.tsx";
import ChartFigure from "./ChartFigure.tsx";
import { toneColour } from "./colours.ts";
import { labelAxis } from "./labelAxis.ts";
import { barsLabel, type Valued } from "./labels.ts";
import { numberText, shortText } from "./numbers.ts";
import Sized from "./Sized.tsx";

const ROW = 30;
/** Bars to the left leave room for their number: a part of the whole width. */
const ROOM = 0.2;

interface BarItem extends Valued {
  readonly tone?: Tone;
}

interface Props {
  readonly title: string;
  readonly items: readonly BarItem[];
  readonly unit: string;
}

/** One horizontal bar for each value: names stay readable on a narrow screen. */
export default function Bars({ title, items, unit }: Props): ReactNode {
  const data = items.map(({ label, value, tone }) => ({
    name: label,
    value,
    fill: toneColour(tone),
    // In one line, wherever the bar ends.
    text: shortText(value, unit).replaceAll(" ", "\u00a0"),
  }));
  return (
    <ChartFigure
      title={title}
      label={barsLabel(title, items, unit)}
      columns={["", unit === "" ? "Value" : unit]}
      rows={items.map(({ label, value }) => [label, numberText(value)])}
    >
      <Sized height={data.length * ROW + 8}>
        {(width) => (
          <BarChart
            layout="vertical"
            width={width}
            height={data.length * ROW + 8}
            data={data}
            margin={{ top: 4, bottom: 4, left: 0, right: 88 }}
            accessibilityLayer={false}
          >
            <XAxis type="number" hide domain={domainOf(items.map(({ value }) => value))} />
            <YAxis {...labelAxis(width)} dataKey="name" />
            <Bar dataKey="value" isAnimationActive={false} maxBarSize={18} minPointSize={1}>
              <LabelList dataKey="text" position="right" fill="var(--text)" fontSize={12} />
            </Bar>
          </BarChart>
        )}
      </Sized>
    </ChartFigure>
  );
}

function domainOf(values: readonly number[]): [number, number] {
  const least = values.reduce((a, b) => Math.min(a, b), 0);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return [least < 0 ? least - (most - least) * ROOM : 0, most];
}
