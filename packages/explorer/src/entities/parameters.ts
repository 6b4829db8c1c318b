import {
  unpackGameRules,
  unpackOptimisticRules,
  unpackRules,
  unpackSchedulerRules,
  unpackSessionRules,
} from "@opg-protocol/sdk";

import type { EventIndex, TimedEvent } from "../history/EventIndex.ts";
import {
  type DeploymentLimits,
  type GovernedContract,
  PARAMETER_RULES,
  type ParameterRule,
  type ParameterUnit,
  type ParameterValues,
} from "./parameterRules.ts";

/** A governed number inside its hard bounds. OPG in base units. */
export interface GovernedParameter {
  readonly name: string;
  readonly unit: ParameterUnit;
  readonly value: bigint;
  readonly least: bigint;
  readonly most: bigint;
  /** Since when it is so, unix seconds, and the transaction that has set it. */
  readonly since: number;
  readonly tx: string;
}

/** The governed numbers of a contract. */
export interface ParameterGroup {
  readonly contract: GovernedContract;
  /** Those that the history knows. */
  readonly parameters: readonly GovernedParameter[];
}

/** What an event has set. */
interface Setting {
  readonly contract: GovernedContract;
  readonly values: ParameterValues;
}

const OPG = 10n ** 18n;

/** Every governed number, by contract. */
export function parametersOf(index: EventIndex, limits: DeploymentLimits): readonly ParameterGroup[] {
  const known = knownOf(index);
  return GOVERNED.map((contract) => {
    const settings = known.get(contract) ?? new Map<string, Known>();
    const values = Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
    return {
      contract,
      parameters: PARAMETER_RULES[contract].flatMap((rule) => parameterOf(rule, settings, values, limits)),
    };
  });
}

const GOVERNED: readonly GovernedContract[] = [
  "market",
  "optimistic",
  "sessions",
  "scheduler",
  "disputes",
  "staking",
  "registry",
  "governor",
  "timelock",
];

interface Known {
  readonly value: bigint;
  readonly since: number;
  readonly tx: string;
}

/** What was set last, by contract and name. A number that was only confirmed is as old as it was. */
function knownOf(index: EventIndex): ReadonlyMap<GovernedContract, ReadonlyMap<string, Known>> {
  const known = new Map<GovernedContract, Map<string, Known>>();
  for (const event of index.named(...SETTING_EVENTS)) {
    const setting = settingOf(event);
    if (setting === undefined) continue;
    const of = known.get(setting.contract) ?? new Map<string, Known>();
    known.set(setting.contract, of);
    for (const [name, value] of Object.entries(setting.values)) {
      if (of.get(name)?.value === value) continue;
      of.set(name, { value, since: event.timestamp, tx: event.transactionHash });
    }
  }
  return known;
}

const SETTING_EVENTS = [
  "RulesSet",
  "OptimisticRulesSet",
  "SessionRulesSet",
  "SchedulerRulesSet",
  "StakingParametersSet",
  "RoyaltyNoticeSet",
  "VotingDelaySet",
  "VotingPeriodSet",
  "LateQuorumVoteExtensionSet",
  "ProposalThresholdSet",
  "QuorumNumeratorUpdated",
  "MinDelayChange",
] as const;

/** The numbers that an event has set; undefined for other events. */
export function settingOf(event: TimedEvent): Setting | undefined {
  switch (event.name) {
    case "RulesSet":
      return event.contract === "market"
        ? { contract: "market", values: valuesIn("market", event.args.rules, event.args.marginPeriod) }
        : { contract: "disputes", values: valuesIn("disputes", event.args.rules) };
    case "OptimisticRulesSet":
      return { contract: "optimistic", values: valuesIn("optimistic", event.args.rules, event.args.marginPeriod) };
    case "SessionRulesSet":
      return { contract: "sessions", values: valuesIn("sessions", event.args.rules, event.args.marginPeriod) };
    case "SchedulerRulesSet":
      return { contract: "scheduler", values: valuesIn("scheduler", event.args.rules) };
    case "StakingParametersSet":
      return { contract: "staking", values: event.args.parameters };
    case "RoyaltyNoticeSet":
      return { contract: "registry", values: { royaltyNoticePeriod: event.args.period } };
    case "VotingDelaySet":
      return { contract: "governor", values: { votingDelay: event.args.newVotingDelay } };
    case "VotingPeriodSet":
      return { contract: "governor", values: { votingPeriod: event.args.newVotingPeriod } };
    case "LateQuorumVoteExtensionSet":
      return { contract: "governor", values: { lateQuorumPeriod: event.args.newVoteExtension } };
    case "ProposalThresholdSet":
      return { contract: "governor", values: { proposalThreshold: event.args.newProposalThreshold } };
    case "QuorumNumeratorUpdated":
      return { contract: "governor", values: { quorumBps: event.args.newQuorumNumerator } };
    case "MinDelayChange":
      return { contract: "timelock", values: { period: event.args.newDuration } };
    default:
      return undefined;
  }
}

/** The contracts whose numbers are packed into a word. */
export type PackedContract = "market" | "optimistic" | "sessions" | "scheduler" | "disputes";

/** Whether a contract's numbers are packed into a word. */
export const isPacked = (contract: string): contract is PackedContract => contract in UNPACK;

/** The numbers in a word; amounts that are whole OPG there are base units here. The horizon follows from the others. */
export function valuesIn(contract: PackedContract, word: string, marginPeriod?: bigint): ParameterValues {
  const units = new Map<string, ParameterUnit>(PARAMETER_RULES[contract].map(({ name, unit }) => [name, unit]));
  const values = new Map<string, bigint>();
  for (const [name, value] of Object.entries(UNPACK[contract](word))) {
    if (units.has(name)) values.set(name, units.get(name) === "opg" ? value * OPG : value);
  }
  if (marginPeriod !== undefined) values.set("marginPeriod", marginPeriod);
  return Object.fromEntries(values);
}

const UNPACK: Readonly<Record<PackedContract, (word: string) => ParameterValues>> = {
  market: unpackRules,
  optimistic: unpackOptimisticRules,
  sessions: unpackSessionRules,
  scheduler: unpackSchedulerRules,
  disputes: unpackGameRules,
};

function parameterOf(
  { name, unit, least, most }: ParameterRule,
  settings: ReadonlyMap<string, Known>,
  values: ParameterValues,
  limits: DeploymentLimits,
): readonly GovernedParameter[] {
  const known = name === "votePeriod" ? wholeVote(settings) : settings.get(name);
  if (known === undefined) return [];
  const bound = (of: ParameterRule["least"]) => (typeof of === "bigint" ? of : of(limits, values));
  return [{ name, unit, least: bound(least), most: bound(most), ...known }];
}

/** The longest that a vote can last now: the governor bounds the sum of three numbers, too. */
function wholeVote(settings: ReadonlyMap<string, Known>): Known | undefined {
  const parts = ["votingDelay", "votingPeriod", "lateQuorumPeriod"].flatMap((name) => settings.get(name) ?? []);
  const [newest] = parts.toSorted((a, b) => b.since - a.since);
  return newest && { ...newest, value: parts.reduce((sum, { value }) => sum + value, 0n) };
}
