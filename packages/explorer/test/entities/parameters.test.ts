import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { packRules, packSchedulerRules } from "@opg-protocol/sdk";

import { PARAMETER_RULES, type DeploymentLimits } from "../../src/entities/parameterRules.ts";
import { parametersOf } from "../../src/entities/parameters.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { event, hash, timeOf } from "../support/events.ts";

const OPG = 10n ** 18n;
const LIMITS: DeploymentLimits = {
  moneyClockFloor: 300n,
  leastSealPeriod: 10n,
  seedDelayPeriod: 36n,
  seedPeriod: 480n,
  leastWindowPeriod: 2_700n,
  thawPeriod: 43_200n,
  leastTimelockPeriod: 300n,
  mostTimelockPeriod: 2_700n,
  mostVotePeriod: 8_100n,
};
const RULES = {
  feeBps: 250n,
  seatFactorBps: 15_000n,
  absenceBps: 1_250n,
  noResultFeeBps: 5_000n,
  errorFeeBps: 2_000n,
  royaltyCapBps: 3_000n,
  drawnValueCap: 10_000n,
  maxSealPeriod: 600n,
  widenSteps: 4n,
  appealWidenSteps: 1n,
  appealSize: 9n,
  activationPeriod: 600n,
  revealPeriod: 900n,
  appealSealPeriod: 600n,
  appealRevealPeriod: 900n,
};

const marketRules = (rules: typeof RULES, block: number) =>
  event(
    "RulesSet",
    "market",
    { rules: packRules({ ...rules, horizonPeriod: 25_080n }), marginPeriod: 1_800n },
    { block },
  );
const groupOf = (contract: string, ...events: Parameters<typeof EventIndex.of>[0]) =>
  parametersOf(EventIndex.of(events), LIMITS).find((group) => group.contract === contract)?.parameters ?? [];

describe("parametersOf", () => {
  it("gives every number of the market inside its bounds, and where it comes from", () => {
    const parameters = groupOf("market", marketRules(RULES, 3));
    assert.deepEqual(
      parameters.map(({ name }) => name),
      PARAMETER_RULES.market.map(({ name }) => name),
    );
    assert.ok(parameters.every(({ least, value, most }) => least <= value && value <= most));
    const place = { since: timeOf(3), tx: hash("block 3") };
    assert.deepEqual(
      parameters.find(({ name }) => name === "drawnValueCap"),
      {
        name: "drawnValueCap",
        unit: "opg",
        value: 10_000n * OPG,
        least: OPG,
        most: 1_000_000n * OPG,
        ...place,
      },
    );
    assert.deepEqual(
      parameters.find(({ name }) => name === "marginPeriod"),
      {
        name: "marginPeriod",
        unit: "seconds",
        value: 1_800n,
        least: 150n,
        most: 2_592_000n,
        ...place,
      },
    );
  });

  it("dates a number by when it changed, not by when it was said again", () => {
    const parameters = groupOf("market", marketRules(RULES, 3), marketRules({ ...RULES, feeBps: 100n }, 9));
    const since = (of: string) => parameters.find(({ name }) => name === of)?.since;
    assert.equal(since("feeBps"), timeOf(9));
    assert.equal(since("appealSize"), timeOf(3));
  });

  it("tells the market's rules from those of disputes", () => {
    assert.deepEqual(groupOf("disputes", marketRules(RULES, 3)), []);
  });

  it("bounds a number by another one", () => {
    const rules = { leastInterval: 60n, keeperFloorBps: 5_000n, keeperCapBps: 50_000n, keeperRampPeriod: 30n };
    const set = event("SchedulerRulesSet", "scheduler", { rules: packSchedulerRules(rules) }, { block: 1 });
    assert.equal(groupOf("scheduler", set).find(({ name }) => name === "keeperRampPeriod")?.most, 30n);
  });

  it("adds up how long a vote can last", () => {
    const parameters = groupOf(
      "governor",
      event("VotingDelaySet", "governor", { oldVotingDelay: 0n, newVotingDelay: 600n }, { block: 1 }),
      event("VotingPeriodSet", "governor", { oldVotingPeriod: 0n, newVotingPeriod: 3_600n }, { block: 2 }),
      event("LateQuorumVoteExtensionSet", "governor", { oldVoteExtension: 0n, newVoteExtension: 1_200n }, { block: 1 }),
    );
    const whole = parameters.find(({ name }) => name === "votePeriod");
    assert.equal(whole?.value, 5_400n);
    assert.equal(whole.most, 8_100n);
    assert.equal(whole.since, timeOf(2));
  });

  it("leaves out what no event has told", () => {
    assert.ok(parametersOf(EventIndex.EMPTY, LIMITS).every(({ parameters }) => parameters.length === 0));
  });
});
