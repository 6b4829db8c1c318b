import type { ReactNode } from "react";

import ChartFigure from "./ChartFigure.tsx";
import { chartColour } from "./colours.ts";
import { seriesLabel } from "./labels.ts";
import Legend from "./Legend.tsx";
import { numberText } from "./numbers.ts";
import { alignSeries, type Series } from "./series.ts";
import Sized from "./Sized.tsx";
import { formatTime } from "../format.ts";
import TimePlot, { type TimeKind } from "./TimePlot.tsx";

const HEIGHT = 220;
const MOST_ROWS = 200;

interface Props {
  readonly title: string;
  readonly series: readonly Series[];
  readonly unit: string;
  readonly kind?: TimeKind;
}

/** Numbers over time. */
export default function TimeSeries({ title, series, unit, kind = "line" }: Props): ReactNode {
  const aligned = alignSeries(series, kind === "step");
  const { times, values } = aligned;
  const rows = times.map((time, index) => [
    formatTime(time),
    ...values.map((column) => {
      const value = column[index];
      return value === null || value === undefined ? "–" : numberText(value);
    }),
  ]);
  return (
    <ChartFigure
      title={title}
      label={seriesLabel(title, series, unit)}
      columns={["Time", ...series.map(({ label }) => (unit === "" ? label : `${label} (${unit})`))]}
      rows={rows.slice(-MOST_ROWS).reverse()}
      note={rows.length > MOST_ROWS ? `The newest ${MOST_ROWS} of ${rows.length} rows.` : undefined}
    >
      <Sized height={HEIGHT}>
        {(width) => (
          <TimePlot
            width={width}
            height={HEIGHT}
            labels={series.map(({ label }) => label)}
            aligned={aligned}
            unit={unit}
            kind={kind}
          />
        )}
      </Sized>
      {series.length > 1 && (
        <Legend items={series.map(({ label }, index) => ({ label, colour: chartColour(index) }))} />
      )}
    </ChartFigure>
  );
}
