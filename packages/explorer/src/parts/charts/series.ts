/** A moment, unix seconds, and what was measured then. */
export type Point = readonly [at: number, value: number];

/** One line, or set of bars, over time. */
export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
}

const HOUR = 3600;

/** How many of the times lie in each period of this length; one point for each period, with zeros, the newest holds `now`. */
export function perPeriod(times: readonly number[], now: number, seconds: number, periods: number): Point[] {
  const last = Math.floor(now / seconds);
  const counts = new Map<number, number>();
  for (const time of times) {
    const period = Math.floor(time / seconds);
    counts.set(period, (counts.get(period) ?? 0) + 1);
  }
  return Array.from({ length: periods }, (_, i) => {
    const period = last - periods + 1 + i;
    return [period * seconds, counts.get(period) ?? 0];
  });
}

/** How many of the times lie in each hour; 24 hours unless told. */
export const perHour = (times: readonly number[], now: number, hours = 24): Point[] =>
  perPeriod(times, now, HOUR, hours);

/** Sums what was added and taken over time: the balance after each change. */
export function running(changes: readonly Point[], start = 0): Point[] {
  let sum = start;
  return changes.map(([at, change]) => [at, (sum += change)]);
}

/** The values of all series at all their times. */
export interface AlignedSeries {
  /** Ascending, each once. */
  readonly times: readonly number[];
  /** For each series its value at each time; null where it has none. Of two at one time the later counts. */
  readonly values: readonly (readonly (number | null)[])[];
}

/**
 * Brings series to common times. A step keeps its value until the next, so that it is carried on to the times of others.
 */
export function alignSeries(series: readonly Series[], carry = false): AlignedSeries {
  const times = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  const values = series.map(({ points }) => {
    const at = new Map(points);
    let held: number | null = null;
    return times.map((time) => {
      const value = at.get(time) ?? (carry ? held : null);
      held = value;
      return value;
    });
  });
  return { times, values };
}
