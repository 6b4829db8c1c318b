import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { actors } from "../support/actors.ts";
import { deploy, parametersFor } from "../support/deployment.ts";

const HOURS = 3_600;
const DAYS = 24 * HOURS;

type Refusal = readonly [error: string, ...args: (string | number)[]];
type Change = readonly [parameter: string, value: number | string, refusal: Refusal];

const policy = (name: string, given: number | string, least: number | string, most: number | string): Refusal => [
  "PolicyOutOfBounds",
  encodeBytes32String(name),
  given,
  least,
  most,
];
const dispute = (name: string, given: number, least: number, most: number): Refusal => [
  "DisputeOutOfBounds",
  encodeBytes32String(name),
  given,
  least,
  most,
];
const market = (name: string, given: number, least: number | string, most: number | string): Refusal => [
  "MarketTermOutOfBounds",
  encodeBytes32String(name),
  given,
  least,
  most,
];
const staking = (name: string, given: number | string, least: number | string, most: number | string): Refusal => [
  "StakingParameterOutOfBounds",
  encodeBytes32String(name),
  given,
  least,
  most,
];

const session = (name: string, given: number, least: number, most: number): Refusal => [
  "SessionsOutOfBounds",
  encodeBytes32String(name),
  given,
  least,
  most,
];

const control = (name: string, given: number, least: number | string, most: number | string): Refusal => [
  "ControlOutOfBounds",
  encodeBytes32String(name),
  given,
  least,
  most,
];

/** One number of the local file, a value outside its bounds, and how the deployment ends. */
const CHANGES: readonly Change[] = [
  ["royaltyNoticePeriod", 30 * DAYS + 1, ["RegistryNoticeTooLong", 30 * DAYS + 1, 30 * DAYS]],
  ["thawPeriod", 0, staking("thawPeriod", 0, 1, 60 * DAYS)],
  ["thawPeriod", 60 * DAYS + 1, staking("thawPeriod", 60 * DAYS + 1, 1, 60 * DAYS)],
  ["leastOwnStake", '"1n"', staking("leastOwnStake", 1, `1${"0".repeat(18)}`, `1${"0".repeat(24)}`)],
  ["leastDelegation", '"1n"', staking("leastDelegation", 1, `1${"0".repeat(16)}`, `1${"0".repeat(21)}`)],
  ["delegationRatio", 5, staking("delegationRatio", 5, 0, 4)],
  ["signerRotationPeriod", 1, staking("signerRotationPeriod", 1, 2, 7 * DAYS)],
  ["commissionNoticePeriod", 299, staking("commissionNoticePeriod", 299, 300, 90 * DAYS)],
  ["seedPeriod", 1, policy("seedPeriod", 1, 2, 6 * HOURS)],
  ["leastSealPeriod", 1, policy("leastSealPeriod", 1, 2, 6 * HOURS)],
  ["moneyClockFloor", 4, policy("moneyClockFloor", 4, 5, 48 * HOURS)],
  ["mostGamePeriod", 270, ["DisputeDeadlinesDoNotNest", 301, 300]],
  ["mostGamePeriod", 79, ["DisputeDeadlinesDoNotNest", 80, 79]],
  ["leastWindowPeriod", 24, ["DisputeDeadlinesDoNotNest", 25, 24]],
  ["bondFactor", 1, dispute("bondFactor", 1, 2, 50)],
  ["seedDelayPeriod", 0, market("seedDelayPeriod", 0, 1, HOURS)],
  ["seedDelayPeriod", HOURS + 1, market("seedDelayPeriod", HOURS + 1, 1, HOURS)],
  ["mostInputBytes", 24_577, market("mostInputBytes", 24_577, 0, 24_576)],
  ["mostOutputBytes", 8_193, market("mostOutputBytes", 8_193, 0, 8_192)],
  ["widenSteps", 16, ["RulesFieldTooLarge", 136, 16, 15]],
  ["deterrence", 24, market("deterrence", 24, 25, 100)],
  ["latePenaltyFactor", 21, market("latePenaltyFactor", 21, 1, 20)],
  ["finisherShareBps", 5_001, market("finisherShareBps", 5_001, 2_500, 5_000)],
  ["challengerShareBps", 5_001, market("challengerShareBps", 5_001, 2_500, 5_000)],
  ["disputeBond", 0, market("disputeBond", 0, `1${"0".repeat(18)}`, `1${"0".repeat(23)}`)],
  ["maxAnswerPeriod", 4, market("maxAnswerPeriod", 4, 5, 48 * HOURS)],
  ["exposureBps", 999, session("exposureBps", 999, 1_000, 10_000)],
  ["leastLockCalls", 49, session("leastLockCalls", 49, 50, 100_000)],
  ["closeNoticePeriod", 4, session("closeNoticePeriod", 4, 5, 14 * DAYS)],
  ["receiptHorizonPeriod", 29, session("receiptHorizonPeriod", 29, 30, 14 * DAYS)],
  ["receiptHorizonPeriod", 195, ["SessionsDeadlinesDoNotNest", 300, 299]],
  ["maxSessionPeriod", 60 * DAYS + 1, session("maxSessionPeriod", 60 * DAYS + 1, 10, 60 * DAYS)],
  ["period", 4, control("timelockPeriod", 4, 5, 8)],
  ["period", 9, control("timelockPeriod", 9, 5, 8)],
  ["leastPeriod", 1, control("leastPeriod", 1, 2, 8)],
  ["mostPeriod", 30 * DAYS + 1, control("mostPeriod", 30 * DAYS + 1, 5, 30 * DAYS)],
  ["mostVotePeriod", 44, control("votePeriod", 45, 0, 44)],
  ["votingDelay", 4, control("votingDelay", 4, 5, 7 * DAYS)],
  ["votingPeriod", 29, control("votingPeriod", 29, 30, 14 * DAYS)],
  ["lateQuorumPeriod", 3 * DAYS + 1, control("lateQuorumPeriod", 3 * DAYS + 1, 0, 3 * DAYS)],
  ["proposalThreshold", '"1n"', control("proposalThreshold", 1, `1${"0".repeat(18)}`, `1${"0".repeat(25)}`)],
  ["quorumBps", 199, control("quorumBps", 199, 200, 2_000)],
  ["maxPausePeriod", 59, control("maxPausePeriod", 59, 60, 21 * DAYS)],
  ["coolDownPeriod", 60 * DAYS + 1, control("coolDownPeriod", 60 * DAYS + 1, 60, 60 * DAYS)],
];

/** As an error with its arguments is printed: addresses and words in quotes, numbers without. */
const printed = ([error, ...args]: Refusal) =>
  `${error}(${args.map((arg) => (String(arg).startsWith("0x") ? `"${arg}"` : String(arg))).join(", ")})`;

describe("Deployment with a number outside its bounds", () => {
  for (const [parameter, value, refusal] of CHANGES) {
    it(`is refused for ${parameter} ${String(value).replaceAll('"', "")} [T117]`, async () => {
      const { deployer } = await actors();
      const local = parametersFor("local", deployer.address);
      const changed = local.replace(new RegExp(`\\b${parameter}: .*,`), `${parameter}: ${value},`);
      expect(changed).to.not.equal(local);
      const outcome = await deploy(changed).then(() => "deployed", String);
      expect(outcome).to.include(printed(refusal));
    });
  }
});
