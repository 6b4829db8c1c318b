import { parseEther, ZeroAddress } from "ethers";

import { packRules } from "../../packages/sdk/src/codecs/rules.ts";
import { packSchedulerRules } from "../../packages/sdk/src/codecs/schedulerRules.ts";
import { packSessionRules } from "../../packages/sdk/src/codecs/sessionRules.ts";
import { TIP_PERIOD } from "./MarketModel.ts";
import type { Random } from "./Random.ts";
import type { StakingParameters } from "./StakingModel.ts";
import type { Call, Step } from "./steps.ts";
import type { World } from "./World.ts";

const MOST_NUMBERED = 20;

/** Makes the steps with which guardian, admin and models' owners change what others live under. */
export class ControlSteps {
  constructor(
    private readonly random: Random,
    private readonly world: World,
  ) {}

  next(): Step {
    const { random } = this;
    const step = random.pick([() => this.pausing(), () => this.rules(), () => this.numbers(), () => this.model()])();
    return random.chance(0.1) ? { ...step, from: this.world.cast.stranger } : step;
  }

  /** A pause, its end before its time, and what a pause closes in the registry. */
  private pausing(): Step {
    const { random, world } = this;
    const { cast, clock, guardian } = world;
    if (guardian.isPaused) {
      if (random.chance(0.4)) return this.registration();
      const left = guardian.pausedUntil - clock.now;
      const wait = random.pick([0, 0, left - 1, left]);
      return this.step(cast.guardian, { kind: random.chance(0.8) ? "resume" : "pause" }, wait);
    }
    const wait = guardian.allowedAt - clock.now - (random.chance(0.1) ? 1 : 0);
    const from = random.chance(0.1) ? cast.admin : cast.guardian;
    return this.step(from, { kind: random.chance(0.95) ? "pause" : "resume" }, Math.max(0, wait));
  }

  private rules(): Step {
    const { random } = this;
    const marginPeriod = random.between(3, 50);
    const calls: readonly Call[] = [
      { kind: "setRules", rules: this.someRules(), marginPeriod },
      { kind: "setRules", rules: this.someRules(), marginPeriod },
      {
        kind: "setSessionRules",
        rules: this.someSessionRules(),
        marginPeriod: marginPeriod * random.pick([1, 1, 1, 5]),
      },
      { kind: "setSchedulerRules", rules: this.someSchedulerRules() },
    ];
    return this.step(this.world.cast.admin, random.pick(calls));
  }

  /** What else votes can change. */
  private numbers(): Step {
    const { random, world } = this;
    const { admin, treasury } = world.cast;
    const ledger = random.pick(["market", "market", "optimistic", "sessions"] as const);
    const calls: readonly Call[] = [
      { kind: "setTreasury", ledger, treasury: random.pick([admin, treasury, ZeroAddress]) },
      { kind: "setParameters", parameters: this.someParameters() },
      { kind: "setParameters", parameters: this.someParameters() },
      { kind: "setRoyaltyNoticePeriod", period: random.pick([0, 100, 10_000]) },
    ];
    return this.step(admin, random.pick(calls));
  }

  /** What the owner of a model can change; a tip comes back. */
  private model(): Step {
    const { random, world } = this;
    const { cast, versions, clock } = world;
    const tipped = [...world.jobs].find(
      ([, job]) => job.hasResult && !job.delivered && !job.tipReclaimed && job.terms.deliveryTip > 0n,
    );
    if (tipped !== undefined) {
      const [job, { startedAt }] = tipped;
      const wait = Math.max(0, startedAt + TIP_PERIOD - clock.now);
      // A month is long: whatever runs ends.
      if (random.chance(wait === 0 ? 0.5 : 0.06)) return this.step(cast.stranger, { kind: "reclaimTip", job }, wait);
    }
    const version = random.pick([...versions, world.refereed]);
    const { owner } = world.registered(version);
    const requester = random.pick(cast.requesters);
    const to = random.pick([cast.publisher, cast.treasury]);
    const calls: readonly Call[] = [
      { kind: "setRoyalty", version, royalty: random.amount(parseEther("2")) },
      { kind: "setRestricted", version, restricted: random.chance(0.2) },
      { kind: "setAllowed", version, requester, allowed: random.chance(0.7) },
      { kind: "sellModel", version, to },
    ];
    return random.chance(0.2) ? this.registration() : this.step(owner, random.pick(calls));
  }

  private registration(): Step {
    const { random, world } = this;
    const version = random.pick(world.versions);
    const slug = `model-${random.int(MOST_NUMBERED)}`;
    if (random.chance(0.5)) return this.step(world.cast.publisher, { kind: "registerModel", slug });
    const release: Call = { kind: "releaseVersion", version, minor: random.between(1, MOST_NUMBERED) };
    return this.step(world.registered(version).owner, release);
  }

  private someRules(): string {
    const { random } = this;
    return packRules({
      feeBps: BigInt(random.between(0, 1_000)),
      seatFactorBps: BigInt(random.between(12_500, 30_000)),
      absenceBps: BigInt(random.between(500, 5_000)),
      noResultFeeBps: BigInt(random.between(2_500, 7_500)),
      errorFeeBps: BigInt(random.between(500, 5_000)),
      royaltyCapBps: BigInt(random.between(0, 5_000)),
      drawnValueCap: BigInt(random.pick([100, 10_000])),
      maxSealPeriod: BigInt(random.between(8, 12)),
      widenSteps: BigInt(random.between(1, 6)),
      appealWidenSteps: BigInt(random.between(0, 2)),
      appealSize: BigInt(random.between(3, 4)),
      activationPeriod: BigInt(random.between(2, 20)),
      revealPeriod: BigInt(random.between(5, 15)),
      appealSealPeriod: BigInt(random.between(5, 15)),
      appealRevealPeriod: BigInt(random.between(5, 20)),
    });
  }

  private someSessionRules(): string {
    const { random } = this;
    return packSessionRules({
      feeBps: BigInt(random.between(0, 1_000)),
      royaltyCapBps: BigInt(random.between(0, 5_000)),
      challengerShareBps: BigInt(random.between(2_500, 5_000)),
      exposureBps: BigInt(random.between(1_000, 10_000)),
      leastLockCalls: BigInt(random.between(50, 100)),
      disputeBond: BigInt(random.between(1, 3)),
      closeNoticePeriod: BigInt(random.between(5, 30)),
      receiptHorizonPeriod: BigInt(random.between(30, 80)),
      maxSessionPeriod: BigInt(random.between(600, 4_000)),
    });
  }

  private someSchedulerRules(): string {
    const { random } = this;
    const leastInterval = random.between(4, 30);
    return packSchedulerRules({
      leastInterval: BigInt(leastInterval),
      keeperFloorBps: BigInt(random.between(0, 10_000)),
      keeperCapBps: BigInt(random.between(10_000, 100_000)),
      keeperRampPeriod: BigInt(random.between(2, Math.floor(leastInterval / 2))),
    });
  }

  private someParameters(): StakingParameters {
    const { random } = this;
    return {
      leastOwnStake: parseEther(random.pick(["1", "1", "100"])),
      leastDelegation: parseEther(random.pick(["0.01", "1"])),
      delegationRatio: BigInt(random.between(1, 4)),
      signerRotationPeriod: random.between(2, 20),
      commissionNoticePeriod: random.between(300, 500),
    };
  }

  private step(from: string, call: Call, seconds = 0): Step {
    return { from, call, seconds, blocks: 0 };
  }
}
