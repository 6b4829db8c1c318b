/** What people type, read strictly: what is not clearly right is wrong, and says why. Pure. */
import { formatOpg, parseOpg } from "@opg-protocol/sdk";
import { getAddress, isAddress } from "ethers";

/** What a text means, or what is wrong with it; neither if there is none. */
export type Reading<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: string }
  | { readonly value?: undefined; readonly error?: undefined };

/** Bounds of an input, inclusive. */
export interface Bounds<T> {
  readonly min?: T | undefined;
  readonly max?: T | undefined;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;
const MOST_DECIMALS = 18;
/** The supply has 28 digits in base units; what is longer is no amount. */
const MOST_DIGITS = 30;

/** Bounds of an amount, base units of OPG. */
export interface AmountBounds extends Bounds<bigint> {
  /** It must be a multiple of this. */
  readonly step?: bigint | undefined;
}

/** An amount of OPG as people write it. */
export function readAmount(text: string, { min, max, step }: AmountBounds = {}): Reading<bigint> {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  const [, whole, fraction = ""] = DECIMAL.exec(trimmed) ?? [];
  if (whole === undefined) return { error: "Write an amount of OPG such as 12 or 0.5: digits, and one point at most." };
  if (whole.length > MOST_DIGITS) return { error: "That is more OPG than there is." };
  if (fraction.length > MOST_DECIMALS) return { error: "OPG has 18 digits after the point at most." };
  const amount = parseOpg(trimmed);
  if (step !== undefined && amount % step !== 0n) return { error: `In steps of ${formatOpg(step)} OPG.` };
  return within(amount, { min, max }, (bound) => `${formatOpg(bound)} OPG`);
}

/** A whole number, such as of seconds or runs. */
export function readInteger(text: string, bounds: Bounds<number> = {}): Reading<number> {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  if (!/^\d+$/.test(trimmed)) return { error: "Write a whole number, in digits alone." };
  const value = Number(trimmed);
  if (!Number.isSafeInteger(value)) return { error: "That number is too large." };
  return within(value, bounds, String);
}

/** An address of an account. Mixed case must have the right checksum. */
export function readAddress(text: string): Reading<string> {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  if (!/^0x[0-9a-fA-F]{40}$/.test(trimmed)) return { error: "Write an address: 0x and 40 hexadecimal digits." };
  if (!isAddress(trimmed)) return { error: "The checksum of this address is wrong: copy it again." };
  const value = getAddress(trimmed);
  return BigInt(value) === 0n ? { error: "The zero address belongs to nobody." } : { value };
}

function within<T extends number | bigint>(
  value: T,
  { min, max }: Bounds<T>,
  format: (value: T) => string,
): Reading<T> {
  if (min !== undefined && value < min) return { error: `At least ${format(min)}.` };
  if (max !== undefined && value > max) return { error: `At most ${format(max)}.` };
  return { value };
}
