import { expect } from "chai";
import { id, parseEther } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import {
  CAP,
  DAY,
  delegated,
  DELEGATED,
  locked,
  LOCKED,
  nextTime,
  OBLIGATION,
  stakeAgain,
} from "../support/staking.ts";

const AMOUNT = parseEther("100");
const LONGEST = 90n * DAY;

describe("NodeStaking.lock", () => {
  context("given a consumer that the node lets lock 2,800 of 3,000 OPG", () => {
    const given = () => loadFixture(delegated);

    it("makes stake answer for an obligation", async () => {
      const { staking, node, consumer } = await given();
      const endsAt = (await nextTime()) + DAY;
      await expect(staking.connect(consumer).lock(node, OBLIGATION, AMOUNT, endsAt))
        .to.emit(staking, "LockChanged")
        .withArgs(node, consumer, OBLIGATION, AMOUNT, endsAt);
      expect(await staking.lockOf(node, consumer, OBLIGATION)).to.deep.equal([AMOUNT, endsAt]);
      expect(await staking.authorisationOf(node, consumer)).to.deep.equal([CAP, AMOUNT]);
      expect(await staking.lockedOf(node)).to.equal(AMOUNT);
      expect(await staking.backingOf(node)).to.equal(OWN_STAKE + DELEGATED);
    });

    it("adds up over obligations, to the cap and no further [I14]", async () => {
      const { staking, node, consumer } = await given();
      const endsAt = (await nextTime()) + DAY;
      await staking.connect(consumer).lock(node, OBLIGATION, AMOUNT, endsAt);
      await expect(staking.connect(consumer).lock(node, id("another"), CAP - AMOUNT + 1n, endsAt))
        .to.be.revertedWithCustomError(staking, "StakingOverCap")
        .withArgs(node, consumer, CAP + 1n, CAP);
      await staking.connect(consumer).lock(node, id("another"), CAP - AMOUNT, endsAt);
      expect(await staking.authorisationOf(node, consumer)).to.deep.equal([CAP, CAP]);
    });

    it("reverts for a consumer that the node has not authorised [T026]", async () => {
      const { staking, node, stranger } = await given();
      const endsAt = (await nextTime()) + DAY;
      await expect(staking.connect(stranger).lock(node, OBLIGATION, 1n, endsAt))
        .to.be.revertedWithCustomError(staking, "StakingOverCap")
        .withArgs(node, stranger, 1n, 0n);
    });

    it("reverts for an end that is not later than now, or more than 90 days from now [T029 I16]", async () => {
      const { staking, node, consumer } = await given();
      const now = (await nextTime()) + 100n;
      for (const endsAt of [0n, now, now + LONGEST + 1n]) {
        await time.setNextBlockTimestamp(now);
        await expect(staking.connect(consumer).lock(node, OBLIGATION, AMOUNT, endsAt))
          .to.be.revertedWithCustomError(staking, "StakingBadLockEnd")
          .withArgs(endsAt, now + 1n, now + LONGEST);
      }
    });

    it("accepts the next second, and 90 days", async () => {
      const { staking, node, consumer } = await given();
      const now = await nextTime();
      await staking.connect(consumer).lock(node, OBLIGATION, AMOUNT, now + 1n);
      await time.setNextBlockTimestamp(now);
      await staking.connect(consumer).lock(node, OBLIGATION, AMOUNT, now + LONGEST);
      expect(await staking.lockOf(node, consumer, OBLIGATION)).to.deep.equal([AMOUNT, now + LONGEST]);
    });
  });

  context("given two consumers that may each lock nearly all [T027]", () => {
    it("reverts for what is not backed any more, and names locks and backing [I14]", async () => {
      const { staking, owner, node, consumer, thief } = await loadFixture(delegated);
      const backing = OWN_STAKE + DELEGATED;
      await staking.connect(owner).authorise(node, thief, backing);
      const endsAt = (await nextTime()) + DAY;
      await staking.connect(thief).lock(node, OBLIGATION, backing - AMOUNT, endsAt);
      await expect(staking.connect(consumer).lock(node, OBLIGATION, AMOUNT + 1n, endsAt))
        .to.be.revertedWithCustomError(staking, "StakingNotBacked")
        .withArgs(node, backing + 1n, backing);
      await staking.connect(consumer).lock(node, OBLIGATION, AMOUNT, endsAt);
      expect(await staking.lockedOf(node)).to.equal(backing);
      expect((await staking.lockOf(node, thief, OBLIGATION)).amount).to.equal(backing - AMOUNT);
    });
  });

  context("given stake that thaws", () => {
    it("counts for no new lock [T023]", async () => {
      const { staking, owner, node, consumer } = await loadFixture(delegated);
      await staking.connect(owner).thaw(node, OWN_STAKE / 2n);
      const endsAt = (await nextTime()) + DAY;
      await expect(staking.connect(consumer).lock(node, OBLIGATION, 2n * OWN_STAKE + 1n, endsAt))
        .to.be.revertedWithCustomError(staking, "StakingNotBacked")
        .withArgs(node, 2n * OWN_STAKE + 1n, 2n * OWN_STAKE);
    });
  });

  context("given a lock of 2,500 OPG for 30 days", () => {
    const given = () => loadFixture(locked);

    it("holds as much as it is told, more or less", async () => {
      const { staking, node, consumer, endsAt } = await given();
      for (const amount of [CAP, AMOUNT, 0n]) {
        await expect(staking.connect(consumer).lock(node, OBLIGATION, amount, endsAt))
          .to.emit(staking, "LockChanged")
          .withArgs(node, consumer, OBLIGATION, amount, endsAt);
        expect(await staking.lockOf(node, consumer, OBLIGATION)).to.deep.equal([amount, endsAt]);
        expect((await staking.authorisationOf(node, consumer)).locked).to.equal(amount);
        expect(await staking.lockedOf(node)).to.equal(amount);
      }
    });

    it("reverts for an end earlier than before", async () => {
      const { staking, node, consumer, endsAt } = await given();
      const now = await nextTime();
      await expect(staking.connect(consumer).lock(node, OBLIGATION, LOCKED, endsAt - 1n))
        .to.be.revertedWithCustomError(staking, "StakingBadLockEnd")
        .withArgs(endsAt - 1n, endsAt, now + LONGEST);
    });

    it("begins anew after its end", async () => {
      const { staking, node, consumer, endsAt } = await given();
      await time.setNextBlockTimestamp(endsAt + DAY);
      await staking.connect(consumer).lock(node, OBLIGATION, AMOUNT, endsAt + 2n * DAY);
      expect(await staking.lockOf(node, consumer, OBLIGATION)).to.deep.equal([AMOUNT, endsAt + 2n * DAY]);
      expect(await staking.lockedOf(node)).to.equal(AMOUNT);
    });

    it("can only shrink once the node has withdrawn its consent [T030]", async () => {
      const { staking, owner, node, consumer, endsAt } = await given();
      await staking.connect(owner).authorise(node, consumer, AMOUNT);
      for (const [amount, end] of [
        [LOCKED + 1n, endsAt],
        [LOCKED, endsAt + 1n],
      ] as const) {
        await expect(staking.connect(consumer).lock(node, OBLIGATION, amount, end))
          .to.be.revertedWithCustomError(staking, "StakingOverCap")
          .withArgs(node, consumer, amount, AMOUNT);
      }
      await staking.connect(consumer).lock(node, OBLIGATION, LOCKED, endsAt);
      await staking.connect(consumer).lock(node, OBLIGATION, LOCKED - 1n, endsAt);
      expect((await staking.authorisationOf(node, consumer)).locked).to.equal(LOCKED - 1n);
    });

    it("can only shrink once delegators have left it uncovered, until there is stake again", async () => {
      const suite = await given();
      const { staking, node, consumer, delegator, endsAt } = suite;
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares / 2n, 0n);
      for (const [amount, end] of [
        [LOCKED + 1n, endsAt],
        [LOCKED, endsAt + 1n],
      ] as const) {
        await expect(staking.connect(consumer).lock(node, OBLIGATION, amount, end))
          .to.be.revertedWithCustomError(staking, "StakingNotBacked")
          .withArgs(node, amount, 2n * OWN_STAKE);
      }
      await staking.connect(consumer).lock(node, OBLIGATION, LOCKED - 1n, endsAt);
      expect((await staking.standingOf(node, endsAt)).covered).to.equal(false);

      await stakeAgain(suite);
      await staking.connect(consumer).lock(node, OBLIGATION, LOCKED, endsAt + 1n);
      expect((await staking.standingOf(node, endsAt)).covered).to.equal(true);
    });
  });
});
