/** Integers between bounds that are known, or not, and what sums and products of them are between. */

export interface Range {
  readonly least?: bigint | undefined;
  readonly most?: bigint | undefined;
}
export const least = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b));
export const most = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));
export const bitsOf = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);
export const widthOf = (low: bigint, high: bigint): number =>
  1 + Math.max(1, bitsOf(low < 0n ? -low - 1n : low), bitsOf(high < 0n ? -high - 1n : high));
export const divided = (a: bigint, b: bigint): bigint => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);

export const plus = (a: Range, b: Range): Range => ({
  least: a.least === undefined || b.least === undefined ? undefined : a.least + b.least,
  most: a.most === undefined || b.most === undefined ? undefined : a.most + b.most,
});
export const negated = (a: Range): Range => ({
  least: a.most === undefined ? undefined : -a.most,
  most: a.least === undefined ? undefined : -a.least,
});
export const either = (a: Range, b: Range): Range => ({
  least: a.least === undefined || b.least === undefined ? undefined : least(a.least, b.least),
  most: a.most === undefined || b.most === undefined ? undefined : most(a.most, b.most),
});
export const both = (a: Range, b: Range): Range => ({
  least: a.least === undefined ? b.least : b.least === undefined ? a.least : most(a.least, b.least),
  most: a.most === undefined ? b.most : b.most === undefined ? a.most : least(a.most, b.most),
});
export const isBounded = (a: Range): a is { least: bigint; most: bigint } =>
  a.least !== undefined && a.most !== undefined;

export function times(a: Range, b: Range): Range {
  if (isBounded(a) && isBounded(b)) {
    const products = [a.least * b.least, a.least * b.most, a.most * b.least, a.most * b.most];
    return { least: least(...products), most: most(...products) };
  }
  const isNatural = (a.least ?? -1n) >= 0n && (b.least ?? -1n) >= 0n;
  return isNatural ? { least: 0n } : {};
}
