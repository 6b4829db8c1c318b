import { expect } from "chai";

import { loadFixture, time } from "../support/network.ts";
import { CAP, locked, LOCKED, OBLIGATION } from "../support/staking.ts";

describe("NodeStaking.release", () => {
  context("given a lock of a consumer that is dead [T029 I10 I16]", () => {
    const given = () => loadFixture(locked);

    it("reverts a second before its end, and names it", async () => {
      const { staking, node, consumer, stranger, endsAt } = await given();
      await time.setNextBlockTimestamp(endsAt - 1n);
      await expect(staking.connect(stranger).release(node, consumer, OBLIGATION))
        .to.be.revertedWithCustomError(staking, "StakingLockRunning")
        .withArgs(node, consumer, OBLIGATION, endsAt);
    });

    it("lets a stranger clear it at its end", async () => {
      const { staking, node, consumer, stranger, endsAt } = await given();
      await time.setNextBlockTimestamp(endsAt);
      await expect(staking.connect(stranger).release(node, consumer, OBLIGATION))
        .to.emit(staking, "LockChanged")
        .withArgs(node, consumer, OBLIGATION, 0n, endsAt);
      expect(await staking.lockOf(node, consumer, OBLIGATION)).to.deep.equal([0n, endsAt]);
      expect(await staking.authorisationOf(node, consumer)).to.deep.equal([CAP, 0n]);
      expect(await staking.lockedOf(node)).to.equal(0n);
    });

    it("covers a node again that delegators have left", async () => {
      const { staking, node, consumer, delegator, stranger, endsAt } = await given();
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares, 0n);
      await time.increaseTo(endsAt);
      expect((await staking.standingOf(node, endsAt)).covered).to.equal(false);
      await staking.connect(stranger).release(node, consumer, OBLIGATION);
      expect((await staking.standingOf(node, endsAt)).covered).to.equal(true);
    });

    it("changes nothing the second time, nor for a lock that never was", async () => {
      const { staking, node, consumer, stranger, endsAt } = await given();
      await staking.connect(stranger).release(node, stranger, OBLIGATION);
      expect(await staking.lockedOf(node)).to.equal(LOCKED);
      await time.increaseTo(endsAt);
      for (let i = 0; i < 2; i++) await staking.connect(stranger).release(node, consumer, OBLIGATION);
      expect(await staking.lockedOf(node)).to.equal(0n);
    });
  });
});
