import { expect } from "chai";

import { PERIODS } from "../support/control.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { nextTime } from "../support/staking.ts";

const PAUSE = BigInt(PERIODS.pause);

describe("PauseGuardian.pause", () => {
  it("closes the entries of all targets, until a time that follows from the first second [T116 I27]", async () => {
    const { pauseGuardian, market, optimistic, sessions, scheduler, registry, staking, deployer } =
      await loadFixture(protocol);
    const endsAt = (await nextTime()) + PAUSE;
    const paused = pauseGuardian.connect(deployer).pause();
    await expect(paused).to.emit(pauseGuardian, "Paused").withArgs(deployer, endsAt);
    expect(await pauseGuardian.pausedUntil()).to.equal(endsAt);
    for (const target of [market, optimistic, sessions, scheduler, registry, staking]) {
      await expect(paused).to.emit(target, "EntriesPaused").withArgs(endsAt);
      expect(await target.pausedUntil()).to.equal(endsAt);
    }
  });

  it("cannot be prolonged, nor repeated before the cool-down is over [T116 I27]", async () => {
    const { pauseGuardian, deployer } = await loadFixture(protocol);
    const allowedAt = (await nextTime()) + PAUSE + PAUSE;
    await pauseGuardian.connect(deployer).pause();
    for (const moment of [allowedAt - PAUSE - 1n, allowedAt - 1n]) {
      await time.setNextBlockTimestamp(moment);
      await expect(pauseGuardian.connect(deployer).pause())
        .to.be.revertedWithCustomError(pauseGuardian, "ControlPauseTooSoon")
        .withArgs(allowedAt);
    }
    await time.setNextBlockTimestamp(allowedAt);
    await expect(pauseGuardian.connect(deployer).pause())
      .to.emit(pauseGuardian, "Paused")
      .withArgs(deployer, allowedAt + PAUSE);
  });

  it("is for the guardian alone, and neither for other contracts of the suite nor for its admin's sake [T116]", async () => {
    const { access, pauseGuardian, thief, deployer } = await loadFixture(protocol);
    await expect(pauseGuardian.connect(thief).pause())
      .to.be.revertedWithCustomError(pauseGuardian, "AccessManagedUnauthorized")
      .withArgs(thief);
    await access.connect(deployer).revokeRole(1n, deployer);
    await expect(pauseGuardian.connect(deployer).pause())
      .to.be.revertedWithCustomError(pauseGuardian, "AccessManagedUnauthorized")
      .withArgs(deployer);
  });
});
