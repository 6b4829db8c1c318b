/** Charts. Those with a library are loaded when they are first shown, so that no page waits for them. */
import "./charts.css";

import { type ComponentType, createElement, lazy, type ReactNode, Suspense } from "react";

import ChartBoundary from "./ChartBoundary.tsx";

export { default as CalendarStrip } from "./CalendarStrip.tsx";
export { opgNumber } from "./numbers.ts";
export { default as RangeBar } from "./RangeBar.tsx";

/** A chart with a place of fixed height until it is there. */
function deferred<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): (props: P) => ReactNode {
  const Chart = lazy(load);
  return function DeferredChart(props: P): ReactNode {
    return (
      <ChartBoundary>
        <Suspense fallback={<div className="chart-wait" aria-hidden="true" />}>{createElement(Chart, props)}</Suspense>
      </ChartBoundary>
    );
  };
}

export const Bars = deferred(() => import("./Bars.tsx"));
export const BoxPlot = deferred(() => import("./BoxPlot.tsx"));
export const Columns = deferred(() => import("./Columns.tsx"));
export const Sankey = deferred(() => import("./Sankey.tsx"));
export const Scatter = deferred(() => import("./Scatter.tsx"));
export const Shares = deferred(() => import("./Shares.tsx"));
export const TimeSeries = deferred(() => import("./TimeSeries.tsx"));
export const Treemap = deferred(() => import("./Treemap.tsx"));
