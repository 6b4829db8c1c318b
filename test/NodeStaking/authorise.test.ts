import { expect } from "chai";

import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture } from "../support/network.ts";
import {
  CAP,
  DAY,
  delegated,
  DELEGATED,
  locked,
  LOCKED,
  nextTime,
  OBLIGATION,
  registered,
} from "../support/staking.ts";

describe("NodeStaking.authorise", () => {
  context("given a node", () => {
    it("allows a consumer so much, and no other consumer anything", async () => {
      const { staking, owner, node, consumer, stranger } = await loadFixture(registered);
      await expect(staking.connect(owner).authorise(node, consumer, CAP))
        .to.emit(staking, "ConsumerAuthorised")
        .withArgs(node, consumer, CAP);
      expect(await staking.authorisationOf(node, consumer)).to.deep.equal([CAP, 0n]);
      expect(await staking.authorisationOf(node, stranger)).to.deep.equal([0n, 0n]);
    });

    it("reverts for a cap that no slot can hold", async () => {
      const { staking, owner, node, consumer } = await loadFixture(registered);
      await staking.connect(owner).authorise(node, consumer, 2n ** 96n - 1n);
      await expect(staking.connect(owner).authorise(node, consumer, 2n ** 96n))
        .to.be.revertedWithCustomError(staking, "SafeCastOverflowedUintDowncast")
        .withArgs(96, 2n ** 96n);
    });
  });

  context("given a consumer that has locked", () => {
    it("takes back the consent to new locks, and leaves those that stand [T030]", async () => {
      const { staking, owner, node, consumer, endsAt } = await loadFixture(locked);
      await expect(staking.connect(owner).authorise(node, consumer, 0n))
        .to.emit(staking, "ConsumerAuthorised")
        .withArgs(node, consumer, 0n);

      expect(await staking.authorisationOf(node, consumer)).to.deep.equal([0n, LOCKED]);
      expect(await staking.lockOf(node, consumer, OBLIGATION)).to.deep.equal([LOCKED, endsAt]);
      expect(await staking.lockedOf(node)).to.equal(LOCKED);
    });

    it("cannot take what stands from a slash that follows [T030 I15]", async () => {
      const { staking, owner, node, consumer } = await loadFixture(locked);
      await staking.connect(owner).authorise(node, consumer, 0n);
      await staking.connect(consumer).slash(node, OBLIGATION, LOCKED, 0n, 0n);
      expect(await staking.lockedOf(node)).to.equal(0n);
      expect(await staking.backingOf(node)).to.equal(0n);
    });
  });

  context("given a delegator", () => {
    it("binds its stake, too, and at once, but cannot be made to pay anybody [T062 I20]", async () => {
      const suite = await loadFixture(delegated);
      const { staking, token, owner, node, thief } = suite;
      const all = OWN_STAKE + DELEGATED;
      const endsAt = (await nextTime()) + DAY;
      await staking.connect(owner).authorise(node, thief, all);
      await staking.connect(thief).lock(node, OBLIGATION, all, endsAt);
      const slashing = staking.connect(thief).slash(node, OBLIGATION, all, all, 0n);
      await expect(slashing).to.changeTokenBalances(ethers, token, [staking, thief], [-all, OWN_STAKE]);
    });
  });

  itIsForTheOwner(({ staking, consumer }, caller, node) => staking.connect(caller).authorise(node, consumer, CAP));
});
