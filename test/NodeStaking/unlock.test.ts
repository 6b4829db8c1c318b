import { expect } from "chai";
import { parseEther } from "ethers";

import { loadFixture } from "../support/network.ts";
import { CAP, locked, LOCKED, OBLIGATION } from "../support/staking.ts";

const AMOUNT = parseEther("100");

describe("NodeStaking.unlock", () => {
  context("given a lock", () => {
    const given = () => loadFixture(locked);

    it("lets go of a part, and keeps the end", async () => {
      const { staking, node, consumer, endsAt } = await given();
      await expect(staking.connect(consumer).unlock(node, OBLIGATION, AMOUNT))
        .to.emit(staking, "LockChanged")
        .withArgs(node, consumer, OBLIGATION, LOCKED - AMOUNT, endsAt);
      expect(await staking.lockOf(node, consumer, OBLIGATION)).to.deep.equal([LOCKED - AMOUNT, endsAt]);
      expect(await staking.authorisationOf(node, consumer)).to.deep.equal([CAP, LOCKED - AMOUNT]);
      expect(await staking.lockedOf(node)).to.equal(LOCKED - AMOUNT);
    });

    it("lets go of everything where more is asked", async () => {
      const { staking, node, consumer, endsAt } = await given();
      await expect(staking.connect(consumer).unlock(node, OBLIGATION, 2n ** 256n - 1n))
        .to.emit(staking, "LockChanged")
        .withArgs(node, consumer, OBLIGATION, 0n, endsAt);
      expect(await staking.lockedOf(node)).to.equal(0n);
    });

    it("covers a node again that delegators have left", async () => {
      const { staking, node, consumer, delegator, endsAt } = await given();
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares / 2n, 0n);
      expect((await staking.standingOf(node, endsAt)).covered).to.equal(false);
      await staking.connect(consumer).unlock(node, OBLIGATION, parseEther("500"));
      expect((await staking.standingOf(node, endsAt)).covered).to.equal(true);
    });

    it("does nothing for anyone else, not even the owner [T026]", async () => {
      const { staking, owner, node, consumer, stranger } = await given();
      for (const caller of [owner, stranger]) {
        await expect(staking.connect(caller).unlock(node, OBLIGATION, LOCKED))
          .to.emit(staking, "LockChanged")
          .withArgs(node, caller, OBLIGATION, 0n, 0n);
      }
      expect((await staking.lockOf(node, consumer, OBLIGATION)).amount).to.equal(LOCKED);
      expect(await staking.lockedOf(node)).to.equal(LOCKED);
    });
  });
});
