import type { Addresses } from "@opg-protocol/sdk";

/** What a number counts. */
export type ParameterUnit = "seconds" | "bps" | "opg" | "wei" | "count" | "tenths" | "opgPerEth";

/** What a deployment has fixed for good, and bounds refer to. Seconds. */
export interface DeploymentLimits {
  readonly moneyClockFloor: bigint;
  readonly leastSealPeriod: bigint;
  readonly seedDelayPeriod: bigint;
  readonly seedPeriod: bigint;
  readonly leastWindowPeriod: bigint;
  readonly thawPeriod: bigint;
  readonly leastTimelockPeriod: bigint;
  readonly mostTimelockPeriod: bigint;
  readonly mostVotePeriod: bigint;
}

/** The values of one contract. */
export type ParameterValues = Readonly<Record<string, bigint>>;

/** A bound: a constant of the code, or what the deployment or another number makes of it. */
type Bound = bigint | ((limits: DeploymentLimits, values: ParameterValues) => bigint);

/** A governed number and its hard bounds. */
export interface ParameterRule {
  readonly name: string;
  readonly unit: ParameterUnit;
  readonly least: Bound;
  readonly most: Bound;
}

const HOUR = 3_600n;
const DAY = 24n * HOUR;
const OPG = 10n ** 18n;
const GWEI = 10n ** 9n;

const rule = (name: string, unit: ParameterUnit, least: Bound, most: Bound): ParameterRule => ({
  name,
  unit,
  least,
  most,
});
const floor: Bound = ({ moneyClockFloor }) => moneyClockFloor;
const leastWindow: Bound = ({ leastWindowPeriod }) => leastWindowPeriod;
const margin = rule("marginPeriod", "seconds", ({ moneyClockFloor }) => (moneyClockFloor + 1n) / 2n, 30n * DAY);
const gameClock = (name: string) => rule(name, "seconds", floor, 72n * HOUR);

/** Every governed number with its bounds, as the contracts check them; `docs/parameters.md` says why each is so. */
export const PARAMETER_RULES = {
  market: [
    rule("feeBps", "bps", 0n, 1_000n),
    rule("seatFactorBps", "bps", 12_500n, 30_000n),
    rule("absenceBps", "bps", 500n, 5_000n),
    rule("noResultFeeBps", "bps", 2_500n, 7_500n),
    rule("errorFeeBps", "bps", 500n, 5_000n),
    rule("royaltyCapBps", "bps", 0n, 5_000n),
    rule("drawnValueCap", "opg", OPG, 1_000_000n * OPG),
    rule("maxSealPeriod", "seconds", ({ leastSealPeriod }) => leastSealPeriod, 6n * HOUR),
    rule("widenSteps", "count", 1n, 6n),
    rule("appealWidenSteps", "count", 0n, 3n),
    rule("appealSize", "count", 3n, 33n),
    rule("activationPeriod", "seconds", 2n, 7n * DAY),
    rule("revealPeriod", "seconds", floor, 48n * HOUR),
    rule("appealSealPeriod", "seconds", floor, 72n * HOUR),
    rule("appealRevealPeriod", "seconds", floor, 48n * HOUR),
    margin,
  ],
  optimistic: [
    rule("feeBps", "bps", 0n, 1_000n),
    rule("royaltyCapBps", "bps", 0n, 5_000n),
    rule("deterrence", "tenths", 25n, 100n),
    rule("latePenaltyFactor", "count", 1n, 20n),
    rule("finisherShareBps", "bps", 2_500n, 5_000n),
    rule("challengerShareBps", "bps", 2_500n, 5_000n),
    rule("disputeBond", "opg", OPG, 100_000n * OPG),
    rule("maxAnswerPeriod", "seconds", 5n, 48n * HOUR),
    rule("mostWindowPeriod", "seconds", leastWindow, 14n * DAY),
    rule("absenceBps", "bps", 500n, 5_000n),
    rule("auditSeats", "tenths", 5n, 30n),
    rule("auditSteps", "count", 1n, 6n),
    rule(
      "auditSealPeriod",
      "seconds",
      ({ seedDelayPeriod }) => seedDelayPeriod,
      ({ seedPeriod }) => seedPeriod,
    ),
    rule("auditRevealPeriod", "seconds", floor, 48n * HOUR),
    margin,
  ],
  sessions: [
    rule("feeBps", "bps", 0n, 1_000n),
    rule("royaltyCapBps", "bps", 0n, 5_000n),
    rule("challengerShareBps", "bps", 2_500n, 5_000n),
    rule("exposureBps", "bps", 1_000n, 10_000n),
    rule("leastLockCalls", "count", 50n, 100_000n),
    rule("disputeBond", "opg", OPG, 100_000n * OPG),
    rule("closeNoticePeriod", "seconds", floor, 14n * DAY),
    rule("receiptHorizonPeriod", "seconds", leastWindow, 14n * DAY),
    rule("maxSessionPeriod", "seconds", (_, { closeNoticePeriod = 0n }) => closeNoticePeriod, 60n * DAY),
    margin,
  ],
  scheduler: [
    rule("leastInterval", "seconds", 1n, DAY),
    rule("keeperFloorBps", "bps", 0n, 10_000n),
    rule("keeperCapBps", "bps", 10_000n, 100_000n),
    rule("keeperRampPeriod", "seconds", 2n, (_, { leastInterval = 0n }) =>
      leastInterval / 2n < HOUR ? leastInterval / 2n : HOUR,
    ),
  ],
  disputes: [
    rule("bondFactor", "count", 2n, 50n),
    rule("bondFloor", "opg", OPG, 100_000n * OPG),
    ...["respondPeriod", "pickPeriod", "revealPeriod", "judgePeriod", "demandPeriod"].map(gameClock),
    rule("demandMarkupBps", "bps", 12_500n, 50_000n),
    rule("bondToNodeBps", "bps", 5_000n, 8_000n),
    rule("referenceGasPrice", "wei", GWEI / 1_000n, 500n * GWEI),
    rule("opgPerEth", "opgPerEth", 100n, 1_000_000_000n),
  ],
  staking: [
    rule("leastOwnStake", "opg", OPG, 1_000_000n * OPG),
    rule("leastDelegation", "opg", OPG / 100n, 1_000n * OPG),
    rule("delegationRatio", "count", 0n, 4n),
    rule("signerRotationPeriod", "seconds", 2n, 7n * DAY),
    rule("commissionNoticePeriod", "seconds", ({ thawPeriod }) => thawPeriod, 90n * DAY),
  ],
  registry: [rule("royaltyNoticePeriod", "seconds", 0n, 30n * DAY)],
  governor: [
    rule("votingDelay", "seconds", 5n, 7n * DAY),
    rule("votingPeriod", "seconds", 30n, 14n * DAY),
    rule("lateQuorumPeriod", "seconds", 0n, 3n * DAY),
    rule("votePeriod", "seconds", 0n, ({ mostVotePeriod }) => mostVotePeriod),
    rule("proposalThreshold", "opg", OPG, 10_000_000n * OPG),
    rule("quorumBps", "bps", 200n, 2_000n),
  ],
  timelock: [
    rule(
      "period",
      "seconds",
      ({ leastTimelockPeriod }) => leastTimelockPeriod,
      ({ mostTimelockPeriod }) => mostTimelockPeriod,
    ),
  ],
} as const satisfies Partial<Record<keyof Addresses, readonly ParameterRule[]>>;

/** A contract with governed numbers. */
export type GovernedContract = keyof typeof PARAMETER_RULES;
