/** Least, first quartile, median, third quartile and most of some numbers. */
export interface FiveNumbers {
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
}

/** The five numbers of a box plot, with linear interpolation between neighbours; nothing of no numbers. */
export function quartiles(numbers: readonly number[]): FiveNumbers | undefined {
  if (numbers.length === 0) return undefined;
  const sorted = numbers.toSorted((a, b) => a - b);
  const [min, q1, median, q3, max] = [0, 0.25, 0.5, 0.75, 1].map((part) => quantile(sorted, part));
  return { min: min ?? 0, q1: q1 ?? 0, median: median ?? 0, q3: q3 ?? 0, max: max ?? 0 };
}

/** The value below which this part of the sorted numbers lies. */
function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}
