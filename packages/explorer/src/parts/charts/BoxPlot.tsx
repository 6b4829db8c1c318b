import type { ReactElement, ReactNode } from "react";
import { Bar, BarChart, type BarShapeProps, XAxis, YAxis } from "recharts";

import ChartFigure from "./ChartFigure.tsx";
import { chartColour } from "./colours.ts";
import { labelAxis } from "./labelAxis.ts";
import { numberText, tickText } from "./numbers.ts";
import Sized from "./Sized.tsx";
import type { FiveNumbers } from "./statistics.ts";

const ROW = 40;
const AXIS = 30;

interface Box extends FiveNumbers {
  readonly label: string;
}

interface Props {
  readonly title: string;
  readonly items: readonly Box[];
  readonly unit: string;
}

/** How numbers spread: least to most as a line, the middle half as a box, the median as a stroke. */
export default function BoxPlot({ title, items, unit }: Props): ReactNode {
  const height = items.length * ROW + AXIS;
  const data = items.map((box, index) => ({ ...box, fill: chartColour(index), range: [box.min, box.max] }));
  return (
    <ChartFigure
      title={title}
      label={`${title}: ${items.map((box) => `${box.label} median ${numberText(box.median, unit)}, from ${numberText(box.min)} to ${numberText(box.max, unit)}`).join("; ")}.`}
      columns={["", "Least", "Quarter below", "Median", "Quarter above", "Most"]}
      rows={items.map(({ label, min, q1, median, q3, max }) => [
        label,
        ...[min, q1, median, q3, max].map((value) => numberText(value, unit)),
      ])}
    >
      <Sized height={height}>
        {(width) => (
          <BarChart
            layout="vertical"
            width={width}
            height={height}
            data={data}
            margin={{ top: 4, right: 16, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <XAxis
              type="number"
              domain={[0, "dataMax"]}
              tickFormatter={tickText}
              stroke="var(--line)"
              tick={{ fill: "var(--text)", fontSize: 12 }}
              unit={unit === "" ? "" : ` ${unit}`}
            />
            <YAxis {...labelAxis(width)} dataKey="label" />
            <Bar dataKey="range" isAnimationActive={false} maxBarSize={22} minPointSize={1} shape={boxShape(items)} />
          </BarChart>
        )}
      </Sized>
    </ChartFigure>
  );
}

/** Recharts places the range from least to most; what lies between follows from that. */
const boxShape =
  (items: readonly Box[]) =>
  ({ x, y, width, height, index }: BarShapeProps): ReactElement => {
    const box = items[index];
    if (box === undefined) return <g />;
    const span = box.max - box.min;
    const at = (value: number): number => (span === 0 ? x : x + (width * (value - box.min)) / span);
    const middle = y + height / 2;
    return (
      <g stroke={chartColour(index)} strokeWidth={2}>
        <line x1={at(box.min)} x2={at(box.max)} y1={middle} y2={middle} />
        <rect
          x={at(box.q1)}
          y={y}
          width={Math.max(1, at(box.q3) - at(box.q1))}
          height={height}
          fill={chartColour(index)}
          fillOpacity={0.3}
        />
        <line x1={at(box.median)} x2={at(box.median)} y1={y} y2={y + height} />
      </g>
    );
  };
