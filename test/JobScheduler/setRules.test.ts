import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import {
  packSchedulerRules,
  type SchedulerRules,
  unpackSchedulerRules,
} from "../../packages/sdk/src/codecs/schedulerRules.ts";
import { loadFixture } from "../support/network.ts";
import { planOf, scheduling, TestSchedule } from "../support/schedules.ts";

const DAY = 86_400n;
const RULES: SchedulerRules = {
  leastInterval: 3_600n,
  keeperFloorBps: 0n,
  keeperCapBps: 100_000n,
  keeperRampPeriod: 1_800n,
};

/** A change, and what the error names. */
const BOUNDS: readonly (readonly [
  changes: Partial<SchedulerRules>,
  field: string,
  given: bigint,
  least: bigint,
  most: bigint,
])[] = [
  [{ leastInterval: 0n }, "leastInterval", 0n, 1n, DAY],
  [{ leastInterval: DAY + 1n }, "leastInterval", DAY + 1n, 1n, DAY],
  [{ keeperFloorBps: 10_001n }, "keeperFloorBps", 10_001n, 0n, 10_000n],
  [{ keeperCapBps: 9_999n }, "keeperCapBps", 9_999n, 10_000n, 100_000n],
  [{ keeperCapBps: 100_001n }, "keeperCapBps", 100_001n, 10_000n, 100_000n],
  [{ keeperRampPeriod: 1n }, "keeperRampPeriod", 1n, 2n, 3_600n],
  [{ leastInterval: DAY, keeperRampPeriod: 3_601n }, "keeperRampPeriod", 3_601n, 2n, 3_600n],
  [{ keeperRampPeriod: 1_801n }, "keeperRampPeriod", 1_801n, 2n, 1_800n],
];

describe("JobScheduler.setRules", () => {
  const given = () => loadFixture(scheduling);

  it("sets the numbers, and says so", async () => {
    const { scheduler, deployer } = await given();
    const word = packSchedulerRules(RULES);
    await expect(scheduler.connect(deployer).setRules(word)).to.emit(scheduler, "SchedulerRulesSet").withArgs(word);
    expect(unpackSchedulerRules(await scheduler.governed())).to.deep.equal(RULES);
  });

  it("holds for later runs, and leaves schedules alone whose period is shorter now", async () => {
    const suite = await given();
    const { scheduler, optimistic, deployer, stranger } = suite;
    const schedule = await TestSchedule.create(suite, await planOf(suite));
    const { balance: before } = await optimistic.accountOf(stranger);
    await scheduler.connect(deployer).setRules(packSchedulerRules(RULES));
    await (await schedule.at(0)).trigger();
    expect((await optimistic.accountOf(stranger)).balance).to.equal(before); // the floor is zero
    const next = await TestSchedule.of(suite, await planOf(suite));
    await expect(next.createAs(suite.requester))
      .to.be.revertedWithCustomError(scheduler, "SchedulerOutOfBounds")
      .withArgs(encodeBytes32String("interval"), 100, 3_600, 2n ** 32n - 1n);
  });

  for (const [changes, field, value, least, most] of BOUNDS) {
    it(`reverts for ${field} of ${value} and names the bounds`, async () => {
      const { scheduler, deployer } = await given();
      await expect(scheduler.connect(deployer).setRules(packSchedulerRules({ ...RULES, ...changes })))
        .to.be.revertedWithCustomError(scheduler, "SchedulerOutOfBounds")
        .withArgs(encodeBytes32String(field), value, least, most);
    });
  }

  it("reverts for bits that mean nothing", async () => {
    const { scheduler, deployer } = await given();
    const word = BigInt(packSchedulerRules(RULES)) | (1n << 80n);
    await expect(scheduler.connect(deployer).setRules(`0x${word.toString(16).padStart(64, "0")}`))
      .to.be.revertedWithCustomError(scheduler, "SchedulerOutOfBounds")
      .withArgs(encodeBytes32String("rules"), word, 0, 2n ** 80n - 1n);
  });

  it("is for whom the access manager allows", async () => {
    const { scheduler, thief } = await given();
    await expect(scheduler.connect(thief).setRules(packSchedulerRules(RULES)))
      .to.be.revertedWithCustomError(scheduler, "AccessManagedUnauthorized")
      .withArgs(thief);
  });
});
