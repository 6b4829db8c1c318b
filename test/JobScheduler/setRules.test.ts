import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import {
  packSchedulerRules,
  type SchedulerRules,
  unpackSchedulerRules,
} from "../../packages/sdk/src/codecs/schedulerRules.ts";
import { itKeepsRulesInBounds, type OutOfBounds } from "../support/behaviours/rules.ts";
import { loadFixture } from "../support/network.ts";
import { planOf, scheduling, TestSchedule } from "../support/schedules.ts";

const DAY = 86_400n;
const RULES: SchedulerRules = {
  leastInterval: 3_600n,
  keeperFloorBps: 0n,
  keeperCapBps: 100_000n,
  keeperRampPeriod: 1_800n,
};

const BOUNDS: readonly OutOfBounds<SchedulerRules>[] = [
  [{ leastInterval: 0n }, 1n, DAY],
  [{ leastInterval: DAY + 1n }, 1n, DAY],
  [{ keeperFloorBps: 10_001n }, 0n, 10_000n],
  [{ keeperCapBps: 9_999n }, 10_000n, 100_000n],
  [{ keeperCapBps: 100_001n }, 10_000n, 100_000n],
  [{ keeperRampPeriod: 1n }, 2n, 3_600n],
  [{ leastInterval: DAY, keeperRampPeriod: 3_601n }, 2n, 3_600n],
  [{ keeperRampPeriod: 1_801n }, 2n, 1_800n],
];

describe("JobScheduler.setRules", () => {
  async function given() {
    const suite = await loadFixture(scheduling);
    const { scheduler: contract } = suite;
    const set = (sender: HardhatEthersSigner, rules: SchedulerRules) =>
      contract.connect(sender).setRules(packSchedulerRules(rules));
    return { ...suite, contract, local: RULES, set };
  }

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

  itKeepsRulesInBounds(given, "SchedulerOutOfBounds", BOUNDS);

  it("reverts for bits that mean nothing", async () => {
    const { scheduler, deployer } = await given();
    const word = BigInt(packSchedulerRules(RULES)) | (1n << 80n);
    await expect(scheduler.connect(deployer).setRules(`0x${word.toString(16).padStart(64, "0")}`))
      .to.be.revertedWithCustomError(scheduler, "SchedulerOutOfBounds")
      .withArgs(encodeBytes32String("rules"), word, 0, 2n ** 80n - 1n);
  });
});
