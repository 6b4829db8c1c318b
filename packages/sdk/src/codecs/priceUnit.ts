/** Prices, and amounts of sessions, are whole multiples of this many base units of OPG: millionths. */
export const PRICE_UNIT = 10n ** 12n;

/** Down to whole units. */
export const inPriceUnits = (amount: bigint): bigint => amount - (amount % PRICE_UNIT);
