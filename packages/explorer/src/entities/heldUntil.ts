import type { Point } from "../parts/charts/series.ts";

/** Steps of something that holds until it changes, drawn on to `now` (unix seconds). */
export function heldUntil(points: readonly Point[], now: number): readonly Point[] {
  const last = points.at(-1);
  return last === undefined || now <= last[0] ? points : [...points, [now, last[1]]];
}
