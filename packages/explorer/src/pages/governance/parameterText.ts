import { formatUnits } from "ethers";

import type { GovernedContract, ParameterUnit } from "../../entities/parameterRules.ts";
import { formatDuration, groupDigits, opgText } from "../../parts/format.ts";

/** What the governed contracts are for. */
export const CONTRACT_TITLES: Readonly<Record<GovernedContract, string>> = {
  market: "Jobs for several nodes",
  optimistic: "Jobs for one node",
  sessions: "Sessions",
  scheduler: "Schedules",
  disputes: "Disputes",
  staking: "Staking",
  registry: "Models",
  governor: "Votes",
  timelock: "Timelock",
};

const hundredths = (value: bigint, digits: number): string => groupDigits(formatUnits(value, digits));

/** A governed number as people read it; exact. */
export function formatParameter(value: bigint, unit: ParameterUnit): string {
  switch (unit) {
    case "seconds":
      return formatDuration(Number(value));
    case "bps":
      return `${trimmed(hundredths(value, 2))} %`;
    case "opg":
      return opgText(value);
    case "wei":
      return `${trimmed(hundredths(value, 9))} gwei`;
    case "tenths":
      return trimmed(hundredths(value, 1));
    case "opgPerEth":
      return `${groupDigits(String(value))} OPG`;
    case "count":
      return groupDigits(String(value));
  }
}

/** Without a point that nothing follows. */
const trimmed = (text: string): string => text.replace(/\.0$/, "");

/** `seatFactorBps` as words: what it counts stands beside it. */
export function parameterTitle(name: string): string {
  const words = name
    .replace(/Bps$/, "")
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace("opg per eth", "OPG per ETH");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
