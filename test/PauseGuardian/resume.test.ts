import { expect } from "chai";

import { PERIODS } from "../support/control.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { nextTime } from "../support/staking.ts";

const PAUSE = BigInt(PERIODS.pause);

describe("PauseGuardian.resume", () => {
  it("opens all entries at once, and the cool-down begins [T116 I27]", async () => {
    const { pauseGuardian, market, optimistic, sessions, scheduler, registry, staking, deployer } =
      await loadFixture(protocol);
    await pauseGuardian.connect(deployer).pause();
    const now = await nextTime(10n);
    const resumed = pauseGuardian.connect(deployer).resume();
    await expect(resumed).to.emit(pauseGuardian, "Resumed").withArgs(deployer);
    for (const target of [pauseGuardian, market, optimistic, sessions, scheduler, registry, staking]) {
      expect(await target.pausedUntil()).to.equal(now);
    }
    await time.setNextBlockTimestamp(now + PAUSE - 1n);
    await expect(pauseGuardian.connect(deployer).pause())
      .to.be.revertedWithCustomError(pauseGuardian, "ControlPauseTooSoon")
      .withArgs(now + PAUSE);
    await time.setNextBlockTimestamp(now + PAUSE);
    await pauseGuardian.connect(deployer).pause();
  });

  it("reverts where there is no pause to end", async () => {
    const { pauseGuardian, deployer } = await loadFixture(protocol);
    await expect(pauseGuardian.connect(deployer).resume())
      .to.be.revertedWithCustomError(pauseGuardian, "ControlNotPaused")
      .withArgs(0n);
    const endsAt = (await nextTime()) + PAUSE;
    await pauseGuardian.connect(deployer).pause();
    await time.setNextBlockTimestamp(endsAt);
    await expect(pauseGuardian.connect(deployer).resume())
      .to.be.revertedWithCustomError(pauseGuardian, "ControlNotPaused")
      .withArgs(endsAt);
  });

  it("is for the guardian alone", async () => {
    const { pauseGuardian, deployer, thief } = await loadFixture(protocol);
    await pauseGuardian.connect(deployer).pause();
    await expect(pauseGuardian.connect(thief).resume())
      .to.be.revertedWithCustomError(pauseGuardian, "AccessManagedUnauthorized")
      .withArgs(thief);
  });
});
