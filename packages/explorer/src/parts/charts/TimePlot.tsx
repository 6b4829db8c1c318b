import "uplot/dist/uPlot.min.css";

import { type ReactNode, useEffect, useRef } from "react";
import uPlot from "uplot";

import { formatTime } from "../format.ts";
import { resolvedColour } from "./colours.ts";
import { numberText, tickText } from "./numbers.ts";
import type { AlignedSeries } from "./series.ts";
import { timeTick } from "./times.ts";

const HOUR = 3600;
/** Least pixels from tick to tick, which are wider where they say seconds. */
const TICK_SPACE = 72;
/** Steps between ticks of what is counted: a part of a job is none. */
const WHOLE_STEPS = Array.from({ length: 15 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** Points joined, a bar for each, or a value that holds until the next. */
export type TimeKind = "line" | "bars" | "step";

interface Props {
  readonly width: number;
  readonly height: number;
  readonly labels: readonly string[];
  readonly aligned: AlignedSeries;
  readonly unit: string;
  readonly kind: TimeKind;
}

/** uPlot in a React component: made anew for other data, resized in place. */
export default function TimePlot({ width, height, labels, aligned, unit, kind }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const note = useRef<HTMLParagraphElement>(null);
  const plot = useRef<uPlot>(undefined);
  const size = useRef({ width, height });
  size.current = { width, height };
  const names = labels.join("\n");
  useEffect(() => {
    if (place.current === null) return undefined;
    const say = (text: string): void => {
      if (note.current !== null) note.current.textContent = text;
    };
    const options = optionsOf(names.split("\n"), kind, unit, isWhole(aligned), say);
    const made = new uPlot({ ...options, ...size.current }, dataOf(aligned), place.current);
    plot.current = made;
    const forget = onThemeChange(() => {
      made.redraw();
    });
    return () => {
      forget();
      made.destroy();
      plot.current = undefined;
    };
  }, [aligned, names, unit, kind]);
  useEffect(() => {
    plot.current?.setSize({ width, height });
  }, [width, height]);
  return (
    <>
      <div ref={place} />
      <p ref={note} className="chart-cursor" aria-hidden="true" />
    </>
  );
}

const dataOf = ({ times, values }: AlignedSeries): uPlot.AlignedData => [
  [...times],
  ...values.map((column) => [...column]),
];

const isWhole = ({ values }: AlignedSeries): boolean =>
  values.every((column) => column.every((value) => value === null || Number.isInteger(value)));

function optionsOf(
  labels: readonly string[],
  kind: TimeKind,
  unit: string,
  whole: boolean,
  say: (text: string) => void,
): Omit<uPlot.Options, "width" | "height"> {
  const axis: uPlot.Axis = {
    stroke: () => resolvedColour("--text"),
    grid: { stroke: () => resolvedColour("--line"), width: 1 },
    ticks: { stroke: () => resolvedColour("--line"), width: 1 },
  };
  return {
    legend: { show: false },
    padding: [null, 28, null, null],
    cursor: { drag: { x: false, y: false } },
    scales: {
      // uPlot's own idea of the range of a single moment is years.
      x: {
        range: ({ data: [times] }) => paddedTimes(times[0] ?? 0, times.at(-1) ?? 0, kind === "bars" ? times.length : 0),
      },
      y: { range: (_, least, most) => [Math.min(0, least), most <= 0 ? 1 : most * 1.08] },
    },
    axes: [
      {
        ...axis,
        space: TICK_SPACE,
        values: (_, splits, __, ___, seconds) => splits.map((at) => timeTick(at, seconds)),
      },
      { ...axis, size: 56, values: (_, splits) => splits.map(tickText), ...(whole && { incrs: WHOLE_STEPS }) },
    ],
    series: [{}, ...labels.map((label, index) => lineOf(label, index, kind))],
    hooks: {
      setCursor: [
        (self) => {
          say(cursorText(self, labels, unit));
        },
      ],
    },
  };
}

/** Room around a single moment, and at both ends for the halves of bars. */
function paddedTimes(first: number, last: number, bars: number): [number, number] {
  const room = first === last ? HOUR : bars > 1 ? (last - first) / (bars - 1) / 2 : 0;
  return [first - room, last + room];
}

function lineOf(label: string, index: number, kind: TimeKind): uPlot.Series {
  const stroke = (): string => resolvedColour(`--chart-${(index % 6) + 1}`);
  const paths =
    kind === "bars"
      ? uPlot.paths.bars?.({ size: [0.8, 48] })
      : kind === "step"
        ? uPlot.paths.stepped?.({ align: 1 })
        : undefined;
  return {
    label,
    stroke,
    width: kind === "bars" ? 0 : 2,
    ...(kind === "bars" && { fill: stroke }),
    ...(paths !== undefined && { paths }),
    points: { show: kind === "line" },
    spanGaps: true,
  };
}

/** What is under the cursor, as text. */
function cursorText(self: uPlot, labels: readonly string[], unit: string): string {
  const { idx } = self.cursor;
  if (idx === null || idx === undefined) return "";
  const at = self.data[0][idx];
  if (at === undefined) return "";
  const values = labels.map((label, index) => {
    const value = self.data[index + 1]?.[idx];
    return `${label} ${value === null || value === undefined ? "–" : numberText(value, unit)}`;
  });
  return `${formatTime(at)}: ${values.join(", ")}`;
}

/** Colours of a canvas do not follow the style sheet by themselves. */
function onThemeChange(changed: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(changed);
  dark.addEventListener("change", changed);
  observer.observe(document.documentElement, { attributes: true });
  return () => {
    dark.removeEventListener("change", changed);
    observer.disconnect();
  };
}
