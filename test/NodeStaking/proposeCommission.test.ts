import { expect } from "chai";

import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { loadFixture, time } from "../support/network.ts";
import { nextTime, registered } from "../support/staking.ts";

/** As `local.json5` says, seconds. */
const NOTICE_PERIOD = 300n;

describe("NodeStaking.proposeCommission", () => {
  context("given a node that takes 10 %", () => {
    it("announces another, which holds from the end of the notice on [T031]", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      const effectiveAt = (await nextTime()) + NOTICE_PERIOD;
      await expect(staking.connect(owner).proposeCommission(node, 5_000n))
        .to.emit(staking, "CommissionProposed")
        .withArgs(node, 5_000n, effectiveAt);

      await time.increaseTo(effectiveAt - 1n);
      expect(await staking.commissionOf(node)).to.deep.equal([1_000n, 5_000n, effectiveAt]);
      await time.increaseTo(effectiveAt);
      expect(await staking.commissionOf(node)).to.deep.equal([5_000n, 5_000n, effectiveAt]);
    });

    it("accepts none at all", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      await staking.connect(owner).proposeCommission(node, 0n);
      await time.increase(NOTICE_PERIOD);
      expect((await staking.commissionOf(node)).currentBps).to.equal(0n);
    });

    it("reverts above the cap and names it", async () => {
      const { staking, owner, node } = await loadFixture(registered);
      for (const given of [5_001n, 2n ** 16n, 2n ** 256n - 1n]) {
        await expect(staking.connect(owner).proposeCommission(node, given))
          .to.be.revertedWithCustomError(staking, "StakingCommissionTooHigh")
          .withArgs(given, 5_000n);
      }
    });
  });

  context("given a commission that was announced before", () => {
    async function announced() {
      const suite = await registered();
      await suite.staking.connect(suite.owner).proposeCommission(suite.node, 2_000n);
      return suite;
    }

    it("drops it and begins the notice anew when it did not hold yet", async () => {
      const { staking, owner, node } = await loadFixture(announced);
      const effectiveAt = (await nextTime(NOTICE_PERIOD - 1n)) + NOTICE_PERIOD;
      await staking.connect(owner).proposeCommission(node, 3_000n);

      await time.increaseTo(effectiveAt - 1n);
      expect(await staking.commissionOf(node)).to.deep.equal([1_000n, 3_000n, effectiveAt]);
    });

    it("keeps it until the next one holds when it held already", async () => {
      const { staking, owner, node } = await loadFixture(announced);
      const effectiveAt = (await nextTime(NOTICE_PERIOD)) + NOTICE_PERIOD;
      await staking.connect(owner).proposeCommission(node, 3_000n);

      expect(await staking.commissionOf(node)).to.deep.equal([2_000n, 3_000n, effectiveAt]);
      await time.increaseTo(effectiveAt);
      expect(await staking.commissionOf(node)).to.deep.equal([3_000n, 3_000n, effectiveAt]);
    });
  });

  itIsForTheOwner(({ staking }, caller, node) => staking.connect(caller).proposeCommission(node, 0n));
});
