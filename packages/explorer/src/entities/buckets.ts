import { perPeriod, type Point } from "../parts/charts/series.ts";

/** Lengths of time into which charts divide the past, in seconds. */
const SIZES = [60, 600, 3_600, 21_600, 86_400, 604_800, 2_592_000] as const;
/** Fewest bars that show a time, and most that can be told apart. */
const FEWEST = 12;
const MOST = 60;

/** How often something happened in parts of time of equal length. */
export interface Counted {
  /** Seconds. */
  readonly size: number;
  /** Begin of each part, unix seconds, and how often. */
  readonly points: readonly Point[];
}

/** Counts times (unix seconds) in parts of equal length from the first until `until`. */
export function countedUntil(times: readonly number[], until: number): Counted {
  const first = times.reduce((least, time) => Math.min(least, time), until);
  const size = SIZES.find((seconds) => (until - first) / seconds < MOST) ?? Math.ceil((until - first) / MOST);
  const periods = Math.max(FEWEST, Math.floor(until / size) - Math.floor(first / size) + 1);
  return { size, points: perPeriod(times, until, size, periods) };
}
