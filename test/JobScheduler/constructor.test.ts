import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { JobScheduler__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const NUMBERS = { leastInterval: 60, keeperFloorBps: 5_000, keeperCapBps: 50_000, keeperRampPeriod: 30 };

describe("JobScheduler.constructor", () => {
  async function given() {
    const suite = await loadFixture(protocol);
    const { access, market, optimistic, deployer } = suite;
    const factory = new JobScheduler__factory(deployer);
    const deploy = (changes: Partial<typeof NUMBERS> = {}) =>
      factory.deploy(access, market, optimistic, { ...NUMBERS, ...changes });
    return { ...suite, factory, deploy };
  }

  it("takes the numbers, and finds what knows the price of gas through the market [T119]", async () => {
    const { deploy, disputes, market, optimistic, access } = await given();
    const scheduler = await deploy();
    await expect(scheduler.deploymentTransaction())
      .to.emit(scheduler, "SchedulerRulesSet")
      .withArgs(await scheduler.governed());
    expect(await scheduler.GAME()).to.equal(disputes);
    expect(await scheduler.MARKET()).to.equal(market);
    expect(await scheduler.OPTIMISTIC()).to.equal(optimistic);
    expect(await scheduler.authority()).to.equal(access);
  });

  it("reverts for numbers out of bounds, as setRules does", async () => {
    const { deploy, factory } = await given();
    await expect(deploy({ keeperRampPeriod: 31 }))
      .to.be.revertedWithCustomError(factory, "SchedulerOutOfBounds")
      .withArgs(encodeBytes32String("keeperRampPeriod"), 31, 2, 30);
  });
});
