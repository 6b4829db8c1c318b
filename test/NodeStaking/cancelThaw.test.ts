import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { itIsForTheOwner } from "../support/behaviours/nodeOwner.ts";
import { loadFixture, time } from "../support/network.ts";
import { delegated, lock, slash, stakeOf, THAW_PERIOD, type Registered } from "../support/staking.ts";

const AMOUNT = parseEther("400");

/** 600 OPG bonded, 400 OPG thawing. */
async function thawing() {
  const suite = await delegated();
  await suite.staking.connect(suite.owner).thaw(suite.node, AMOUNT);
  return suite;
}

const isUnknown = async ({ staking, owner, node }: Registered, thawId: bigint) => {
  await expect(staking.connect(owner).cancelThaw(node, thawId))
    .to.be.revertedWithCustomError(staking, "StakingUnknownThaw")
    .withArgs(node, ZeroAddress, thawId);
};

describe("NodeStaking.cancelThaw", () => {
  context("given stake that thaws", () => {
    const given = () => loadFixture(thawing);

    it("bonds it again", async () => {
      const { staking, owner, node } = await given();
      expect(await staking.connect(owner).cancelThaw.staticCall(node, 0n)).to.equal(AMOUNT);
      await expect(staking.connect(owner).cancelThaw(node, 0n))
        .to.emit(staking, "OwnStakeRebonded")
        .withArgs(node, 0n, AMOUNT);
      expect(await staking.ownStakeOf(node)).to.deep.equal([OWN_STAKE, [0n, 0n, 0n]]);
      expect(await staking.thawOf(node, ZeroAddress, 0n)).to.deep.equal([0n, 0n]);
      expect(await staking.backingOf(node)).to.equal(parseEther("3000"));
    });

    it("bonds it again when it could be withdrawn already", async () => {
      const { staking, owner, node } = await given();
      await time.increase(THAW_PERIOD);
      await staking.connect(owner).cancelThaw(node, 0n);
      expect((await staking.ownStakeOf(node)).bonded).to.equal(OWN_STAKE);
    });

    it("covers locks again that delegators have left uncovered", async () => {
      const suite = await given();
      const { staking, owner, node, delegator } = suite;
      await lock(suite, parseEther("900"));
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares, 0n);
      expect((await staking.standingOf(node, 0n)).covered).to.equal(false);

      await staking.connect(owner).cancelThaw(node, 0n);
      expect((await staking.standingOf(node, 0n)).covered).to.equal(true);
    });

    it("leaves other thaws as they are", async () => {
      const { staking, owner, node } = await given();
      await staking.connect(owner).thaw(node, parseEther("50"));
      await staking.connect(owner).cancelThaw(node, 0n);
      expect((await staking.thawOf(node, ZeroAddress, 1n)).amount).to.equal(parseEther("50"));
      expect(await stakeOf(staking, node)).to.include({ own: parseEther("950"), ownThawing: parseEther("50") });
    });

    it("reverts the second time, and for thaws that never were", async () => {
      const suite = await given();
      await suite.staking.connect(suite.owner).cancelThaw(suite.node, 0n);
      for (const thawId of [0n, 1n, 2n ** 256n - 1n]) await isUnknown(suite, thawId);
    });
  });

  context("given a slash meanwhile", () => {
    it("bonds what the slash has left of it", async () => {
      const suite = await loadFixture(thawing);
      const { staking, owner, node } = suite;
      await slash(suite, parseEther("100"));
      await expect(staking.connect(owner).cancelThaw(node, 0n))
        .to.emit(staking, "OwnStakeRebonded")
        .withArgs(node, 0n, parseEther("360"));
      expect(await stakeOf(staking, node)).to.include({ own: parseEther("900"), ownThawing: 0n });
    });

    it("bonds nothing when it took everything [T025]", async () => {
      const suite = await loadFixture(thawing);
      const { staking, owner, node } = suite;
      await slash(suite, OWN_STAKE);
      await expect(staking.connect(owner).cancelThaw(node, 0n))
        .to.emit(staking, "OwnStakeRebonded")
        .withArgs(node, 0n, 0n);
      await isUnknown(suite, 0n);
    });
  });

  itIsForTheOwner(({ staking }, caller, node) => staking.connect(caller).cancelThaw(node, 0n));
});
