import { formatOpg } from "@opg-protocol/sdk";

/** Digits after the point that are shown; the whole number stands in the title. */
const SHOWN_DECIMALS = 4;
/** Digits that are shown of a number so small that those would be zeros. */
const SIGNIFICANT_DIGITS = 2;

/** A decimal number with groups of three digits, cut after a few decimals; what is cut away shows as `…`. Pure text: exact. */
export function groupDigits(decimal: string): string {
  const [whole = "0", digits = ""] = decimal.split(".");
  const groups = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  const fraction = digits.replace(/0+$/, "");
  if (fraction === "") return groups;
  const zeros = fraction.search(/[1-9]/);
  const shown = whole === "0" && zeros >= SHOWN_DECIMALS ? zeros + SIGNIFICANT_DIGITS : SHOWN_DECIMALS;
  return `${groups}.${fraction.slice(0, shown)}${fraction.length > shown ? "…" : ""}`;
}

/** An amount of OPG in base units, as text. */
export const opgText = (amount: bigint): string => `${groupDigits(formatOpg(amount))} OPG`;

/** The first and last digits of a hash or an address. */
export function shortHash(value: string): string {
  return value.length <= 14 ? value : `${value.slice(0, 8)}…${value.slice(-4)}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** Seconds in the two largest units that they have, such as `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = UNITS.findIndex(([size]) => whole >= size);
  if (first === -1) return "0 s";
  let rest = whole;
  const parts = UNITS.slice(first, first + 2).map(([size, unit]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count} ${unit}`;
  });
  return parts.filter((part) => part !== "").join(" ");
}

const times = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
});
const zones = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" });

/** Unix seconds as people read them, in their own zone, which is named. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1_000);
  if (Number.isNaN(date.getTime())) return "never";
  const zone = zones.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value ?? "";
  return `${times.format(date)} ${zone}`;
}

const SIZES = ["B", "kB", "MB", "GB"] as const;

/** A number of bytes in the unit that keeps it short. */
export function formatBytes(bytes: number): string {
  const power = Math.min(SIZES.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${SIZES[power] ?? "B"}`;
}
