import type { ReactNode } from "react";
import { Scatter as RechartsScatter, ScatterChart, Tooltip, XAxis, YAxis } from "recharts";

import ChartFigure from "./ChartFigure.tsx";
import { numberText, tickText } from "./numbers.ts";
import Sized from "./Sized.tsx";

const HEIGHT = 260;

/** Something with two measures. */
export interface ScatterPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly title: string;
  readonly points: readonly ScatterPoint[];
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Two measures of each thing against each other. */
export default function Scatter({ title, points, xTitle, yTitle }: Props): ReactNode {
  const axis = {
    type: "number",
    tickFormatter: tickText,
    stroke: "var(--line)",
    tick: { fill: "var(--text)", fontSize: 12 },
  } as const;
  return (
    <ChartFigure
      title={title}
      label={`${title}: ${points.length} points, ${yTitle} against ${xTitle}.`}
      columns={["", xTitle, yTitle]}
      rows={points.map(({ label, x, y }) => [label, numberText(x), numberText(y)])}
    >
      <Sized height={HEIGHT}>
        {(width) => (
          <ScatterChart
            width={width}
            height={HEIGHT}
            margin={{ top: 24, right: 16, bottom: 24, left: 0 }}
            accessibilityLayer={false}
          >
            <XAxis
              {...axis}
              dataKey="x"
              name={xTitle}
              label={{ value: xTitle, position: "bottom", offset: 4, fill: "var(--text)", fontSize: 12 }}
            />
            <YAxis
              {...axis}
              dataKey="y"
              name={yTitle}
              width={48}
              label={{
                value: yTitle,
                position: "top",
                offset: 8,
                dx: 12,
                textAnchor: "start",
                fill: "var(--text)",
                fontSize: 12,
              }}
            />
            <Tooltip content={<PointNote xTitle={xTitle} yTitle={yTitle} />} isAnimationActive={false} cursor={false} />
            <RechartsScatter data={points} fill="var(--chart-1)" isAnimationActive={false} />
          </ScatterChart>
        )}
      </Sized>
    </ChartFigure>
  );
}

interface NoteProps {
  readonly xTitle: string;
  readonly yTitle: string;
  /** Given by Recharts. */
  readonly payload?: readonly { readonly payload?: ScatterPoint }[];
}

function PointNote({ xTitle, yTitle, payload }: NoteProps): ReactNode {
  const point = payload?.[0]?.payload;
  if (point === undefined) return null;
  return (
    <p className="chart-note">
      <strong>{point.label}</strong>
      <br />
      {xTitle}: {numberText(point.x)}
      <br />
      {yTitle}: {numberText(point.y)}
    </p>
  );
}
