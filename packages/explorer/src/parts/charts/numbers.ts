const WEI_PER_MILLI = 10n ** 15n;

/** An amount of OPG as a number with three decimals, for the heights of charts and for nothing else: it is not exact. */
export const opgNumber = (amount: bigint): number => Number(amount / WEI_PER_MILLI) / 1000;

/** A number as charts write it: four significant digits below a thousand, whole above, with its unit. */
export function numberText(value: number, unit = ""): string {
  const options = Math.abs(value) < 1000 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 0 };
  const text = new Intl.NumberFormat("en", options).format(value);
  return unit === "" ? text : unit === "%" ? `${text}%` : `${text} ${unit}`;
}

/** The same for the ticks of an axis, where there is little room: 12,300 is 12.3K. */
export const tickText = (value: number): string =>
  new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 }).format(value);

/** The same with its unit, short where a whole number would not fit beside a bar: 970,000,000 OPG is 970M OPG. */
export const shortText = (value: number, unit = ""): string =>
  Math.abs(value) < 1_000_000 ? numberText(value, unit) : `${tickText(value)}${unit === "" ? "" : ` ${unit}`}`;

/** Sum of the numbers. */
export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** A part of a whole in percent with one decimal; "–" of nothing. */
export const shareText = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)}%`;
