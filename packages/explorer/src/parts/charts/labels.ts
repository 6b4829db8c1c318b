import { numberText, shareText, sumOf } from "./numbers.ts";
import type { Series } from "./series.ts";

/** Something with a name and a size. */
export interface Valued {
  readonly label: string;
  readonly value: number;
}

/** What a chart of parts shows, in a sentence for those who cannot see it. */
export function partsLabel(title: string, items: readonly Valued[], unit: string): string {
  const largest = items.toSorted((a, b) => b.value - a.value)[0];
  if (largest === undefined) return `${title}: no data.`;
  const total = sumOf(items.map(({ value }) => value));
  const share = shareText(largest.value, total);
  const count = items.length === 1 ? "1 part" : `${items.length} parts`;
  return `${title}: ${count}, together ${numberText(total, unit)}; largest ${largest.label} with ${numberText(largest.value, unit)} (${share}).`;
}

/** What bars show: how many, the longest and the shortest. */
export function barsLabel(title: string, items: readonly Valued[], unit: string): string {
  const sorted = items.toSorted((a, b) => b.value - a.value);
  const [most, least] = [sorted[0], sorted.at(-1)];
  if (most === undefined || least === undefined) return `${title}: no data.`;
  const range = `most ${most.label} with ${numberText(most.value, unit)}`;
  if (sorted.length === 1) return `${title}: ${range}.`;
  return `${title}: ${sorted.length} values; ${range}, least ${least.label} with ${numberText(least.value, unit)}.`;
}

/** What lines over time show: for each the newest value, and the least and most there was. */
export function seriesLabel(title: string, series: readonly Series[], unit: string): string {
  const parts = series.flatMap(({ label, points }) => {
    const newest = points.at(-1);
    if (newest === undefined) return [];
    const values = points.map(([, value]) => value);
    const least = values.reduce((a, b) => Math.min(a, b));
    const most = values.reduce((a, b) => Math.max(a, b));
    const range = `between ${numberText(least)} and ${numberText(most, unit)}`;
    return [`${label} ${numberText(newest[1], unit)} at last, ${range} before`];
  });
  return parts.length === 0 ? `${title}: no data.` : `${title}: ${parts.join("; ")}.`;
}
