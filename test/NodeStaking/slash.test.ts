import { expect } from "chai";
import { id, parseEther } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";
import {
  DAY,
  delegate,
  DELEGATED,
  delegated,
  lock,
  locked,
  LOCKED,
  nextTime,
  OBLIGATION,
  stakeAgain,
  stakeOf,
  THAW_PERIOD,
  worn,
  type Registered,
} from "../support/staking.ts";

const AMOUNT = parseEther("100");
/** Takes all own stake, and 200 OPG of the delegated. */
const DEEP = parseEther("1200");
const NOTHING = [0n, 0n, 0n, 0n, 0n];

/** Slashes in the consumer's name. */
const slashing = ({ staking, node, consumer }: Registered, requested: bigint, harm = 0n, compensation = 0n) =>
  staking.connect(consumer).slash(node, OBLIGATION, requested, harm, compensation);

/** What a slash would give: own, delegated, harmed, rewarded, burned. */
const outcomeOf = ({ staking, node, consumer }: Registered, requested: bigint, harm = 0n, compensation = 0n) =>
  staking.connect(consumer).slash.staticCall(node, OBLIGATION, requested, harm, compensation);

describe("NodeStaking.slash", () => {
  context("given a lock that holds more than is asked, and own stake that covers it", () => {
    const given = () => loadFixture(locked);

    it("takes own stake alone, and burns what is owed to nobody [I12 I15]", async () => {
      const suite = await given();
      const { staking, token, node, consumer, endsAt } = suite;
      expect(await outcomeOf(suite, AMOUNT)).to.deep.equal([AMOUNT, 0n, 0n, 0n, AMOUNT]);
      const transaction = slashing(suite, AMOUNT);
      await expect(transaction)
        .to.emit(staking, "NodeSlashed")
        .withArgs(node, consumer, OBLIGATION, AMOUNT, AMOUNT, 0n, 0n, 0n, 0n, 0n)
        .and.to.emit(staking, "LockChanged")
        .withArgs(node, consumer, OBLIGATION, LOCKED - AMOUNT, endsAt);
      await expect(transaction).to.changeTokenBalances(ethers, token, [staking, consumer], [-AMOUNT, 0n]);

      expect(await token.totalSupply()).to.equal(parseEther("1000000000") - AMOUNT);
      expect(await stakeOf(staking, node)).to.include({ own: OWN_STAKE - AMOUNT, delegated: DELEGATED });
    });

    it("lowers the lock, and what counts against the cap, by what it took [T027 I14]", async () => {
      const suite = await given();
      const { staking, node, consumer, endsAt } = suite;
      await slashing(suite, AMOUNT);
      expect(await staking.lockOf(node, consumer, OBLIGATION)).to.deep.equal([LOCKED - AMOUNT, endsAt]);
      expect((await staking.authorisationOf(node, consumer)).locked).to.equal(LOCKED - AMOUNT);
      expect(await staking.lockedOf(node)).to.equal(LOCKED - AMOUNT);
    });

    it("lowers the node's standing in the same second", async () => {
      const suite = await given();
      const { staking, node, signer } = suite;
      const before = await time.latest();
      await nextTime();
      await slashing(suite, AMOUNT);
      // 900 OPG of its own carry the 2,000 delegated.
      const after = OWN_STAKE - AMOUNT + DELEGATED;
      expect(await staking.standingOf(node, await time.latest())).to.deep.equal([signer.address, after, true]);
      expect((await staking.standingOf(node, before)).stakeThen).to.equal(OWN_STAKE + DELEGATED);
    });

    it("pays harm first, then compensation, and burns the rest [I20]", async () => {
      const suite = await given();
      const { staking, token, node, consumer } = suite;
      expect(await outcomeOf(suite, AMOUNT, parseEther("60"), parseEther("30"))).to.deep.equal([
        AMOUNT,
        0n,
        parseEther("60"),
        parseEther("30"),
        parseEther("10"),
      ]);
      const transaction = slashing(suite, AMOUNT, parseEther("60"), parseEther("30"));
      await expect(transaction)
        .to.emit(staking, "NodeSlashed")
        .withArgs(node, consumer, OBLIGATION, AMOUNT, AMOUNT, 0n, 0n, 0n, parseEther("60"), parseEther("30"));
      await expect(transaction).to.changeTokenBalances(ethers, token, [staking, consumer], [-AMOUNT, parseEther("90")]);
    });

    it("pays no more than it took, harm before compensation [I20]", async () => {
      const suite = await given();
      expect(await outcomeOf(suite, AMOUNT, parseEther("70"), parseEther("70"))).to.deep.equal([
        AMOUNT,
        0n,
        parseEther("70"),
        parseEther("30"),
        0n,
      ]);
      expect(await outcomeOf(suite, AMOUNT, AMOUNT + 1n, 1n)).to.deep.equal([AMOUNT, 0n, AMOUNT, 0n, 0n]);
    });
  });

  context("given a slash that is larger than the own stake", () => {
    const given = () => loadFixture(locked);
    const beyond = DEEP - OWN_STAKE;

    it("takes all own stake first, and only the rest from delegators [I12]", async () => {
      const suite = await given();
      const { staking, node, consumer, delegator } = suite;
      expect(await outcomeOf(suite, DEEP)).to.deep.equal([OWN_STAKE, beyond, 0n, 0n, DEEP]);
      const transaction = slashing(suite, DEEP);
      await expect(transaction)
        .to.emit(staking, "NodeSlashed")
        .withArgs(node, consumer, OBLIGATION, DEEP, OWN_STAKE, 0n, beyond, 0n, 0n, 0n);
      expect(await stakeOf(staking, node)).to.include({ own: 0n, delegated: DELEGATED - beyond });
      expect((await staking.delegationOf(node, delegator)).amount).to.equal(DELEGATED - beyond);
      expect((await staking.standingOf(node, await time.latest())).covered).to.equal(false);
    });

    it("pays nobody, for harm or as a reward, out of what delegators lost [T062 I20]", async () => {
      const suite = await given();
      expect(await outcomeOf(suite, DEEP, 0n, DEEP)).to.deep.equal([OWN_STAKE, beyond, 0n, OWN_STAKE, beyond]);
      expect(await outcomeOf(suite, DEEP, parseEther("900"), DEEP)).to.deep.equal([
        OWN_STAKE,
        beyond,
        parseEther("900"),
        parseEther("100"),
        beyond,
      ]);
      expect(await outcomeOf(suite, DEEP, DEEP, DEEP)).to.deep.equal([OWN_STAKE, beyond, OWN_STAKE, 0n, beyond]);
    });
  });

  context("given a lock of another consumer, which needs more than half of the own stake", () => {
    const OTHERS = parseEther("600");
    /** What of the own stake of 1,000 OPG nobody else counts on. */
    const FREE = OWN_STAKE - OTHERS;

    async function shared() {
      const suite = await delegated();
      const { staking, owner, node, stranger } = suite;
      await lock(suite, parseEther("2000"));
      await staking.connect(owner).authorise(node, stranger, OTHERS);
      await staking.connect(stranger).lock(node, OBLIGATION, OTHERS, BigInt(await time.latest()) + 30n * DAY);
      return suite;
    }

    it("pays what the other leaves, and burns the rest of what it took [T023 I20]", async () => {
      const suite = await loadFixture(shared);
      expect(await outcomeOf(suite, FREE, FREE)).to.deep.equal([FREE, 0n, FREE, 0n, 0n]);
      const all = await outcomeOf(suite, OWN_STAKE, parseEther("300"), OWN_STAKE);
      expect(all).to.deep.equal([OWN_STAKE, 0n, parseEther("300"), parseEther("100"), OTHERS]);
    });

    it("pays nothing where the other needs all that is left", async () => {
      const suite = await loadFixture(shared);
      await slashing(suite, FREE, FREE);
      expect(await outcomeOf(suite, AMOUNT, AMOUNT, AMOUNT)).to.deep.equal([AMOUNT, 0n, 0n, 0n, AMOUNT]);
    });
  });

  context("given stake on its way out [T023 T024]", () => {
    /** 750 OPG bonded and 250 thawing of its own, 500 bonded and 1,500 thawing of the delegator. */
    async function leaving() {
      const suite = await delegated();
      const { staking, owner, node, delegator } = suite;
      const { shares } = await staking.delegationOf(node, delegator);
      await lock(suite, parseEther("2750"));
      await staking.connect(owner).thaw(node, parseEther("250"));
      await staking.connect(delegator).undelegate(node, (shares * 3n) / 4n, 0n);
      return suite;
    }

    it("takes the same part of what is bonded and of what thaws [I12]", async () => {
      const suite = await loadFixture(leaving);
      const { staking, node, consumer } = suite;
      const transaction = slashing(suite, DEEP);
      await expect(transaction)
        .to.emit(staking, "NodeSlashed")
        .withArgs(
          node,
          consumer,
          OBLIGATION,
          DEEP,
          OWN_STAKE,
          parseEther("250"),
          parseEther("200"),
          parseEther("150"),
          0n,
          0n,
        );
      expect(await stakeOf(staking, node)).to.deep.equal({
        own: 0n,
        ownThawing: 0n,
        delegated: parseEther("450"),
        delegatedThawing: parseEther("1350"),
      });
    });

    it("takes the odd base unit from what thaws, so that leaving never pays", async () => {
      const suite = await loadFixture(leaving);
      const { staking, node } = suite;
      for (const [taken, ofThawing] of [
        [1n, 1n],
        [4n, 1n],
        [5n, 2n],
      ] as const) {
        const before = await stakeOf(staking, node);
        await slashing(suite, taken);
        const after = await stakeOf(staking, node);
        expect(before.ownThawing - after.ownThawing).to.equal(ofThawing);
        expect(before.own - after.own).to.equal(taken - ofThawing);
      }
    });

    it("reaches what has thawed, until it is withdrawn", async () => {
      const suite = await loadFixture(leaving);
      const { staking, node, delegator } = suite;
      await time.increase(THAW_PERIOD);
      await slashing(suite, parseEther("2000"));
      expect((await staking.thawOf(node, delegator, 0n)).amount).to.equal(parseEther("750"));

      await staking.connect(delegator).withdrawDelegation(node, 0n);
      expect(await outcomeOf(suite, parseEther("800"))).to.deep.equal([
        0n,
        parseEther("250"),
        0n,
        0n,
        parseEther("250"),
      ]);
    });
  });

  context("given a request that is not all there [T026 T036 I15]", () => {
    it("takes what the lock holds", async () => {
      const suite = await loadFixture(locked);
      const { staking, node, consumer } = suite;
      expect(await outcomeOf(suite, 2n ** 256n - 1n)).to.deep.equal([OWN_STAKE, LOCKED - OWN_STAKE, 0n, 0n, LOCKED]);
      await slashing(suite, LOCKED);
      expect((await staking.lockOf(node, consumer, OBLIGATION)).amount).to.equal(0n);
      expect(await outcomeOf(suite, 1n)).to.deep.equal(NOTHING);
    });

    it("takes what stake there is, where delegators have left since", async () => {
      const suite = await loadFixture(locked);
      const { staking, node, delegator, consumer } = suite;
      const { shares } = await staking.delegationOf(node, delegator);
      await staking.connect(delegator).undelegate(node, shares, 0n);
      await time.increase(THAW_PERIOD);
      await staking.connect(delegator).withdrawDelegation(node, 0n);
      expect(await outcomeOf(suite, LOCKED)).to.deep.equal([OWN_STAKE, 0n, 0n, 0n, OWN_STAKE]);
      await slashing(suite, LOCKED);
      expect((await staking.lockOf(node, consumer, OBLIGATION)).amount).to.equal(0n);
    });

    it("takes nothing from the lock's end on, to the second", async () => {
      const suite = await loadFixture(locked);
      const { staking, token, node, consumer, endsAt } = suite;
      const slash = () => staking.connect(consumer).slash(node, OBLIGATION, AMOUNT, AMOUNT, 0n);
      await time.setNextBlockTimestamp(endsAt - 1n);
      await expect(slash()).to.changeTokenBalances(ethers, token, [consumer], [AMOUNT]);
      await time.setNextBlockTimestamp(endsAt);
      const late = slash();
      await expect(late).to.not.emit(staking, "NodeSlashed");
      await expect(late).to.changeTokenBalances(ethers, token, [staking, consumer], [0n, 0n]);
      expect((await staking.lockOf(node, consumer, OBLIGATION)).amount).to.equal(LOCKED - AMOUNT);
    });

    it("takes nothing for nothing, for another obligation, and for a node that does not exist", async () => {
      const { staking, node, consumer, stranger } = await loadFixture(locked);
      const slash = staking.connect(consumer).slash;
      expect(await slash.staticCall(node, OBLIGATION, 0n, 1n, 1n)).to.deep.equal(NOTHING);
      expect(await slash.staticCall(node, id("another"), AMOUNT, 0n, 0n)).to.deep.equal(NOTHING);
      expect(await slash.staticCall(stranger, OBLIGATION, AMOUNT, 0n, 0n)).to.deep.equal(NOTHING);
    });

    it("takes nothing for anyone but the consumer that locked, not even for another consumer [T026]", async () => {
      const { staking, owner, node, stranger, thief } = await loadFixture(locked);
      await staking.connect(owner).authorise(node, thief, LOCKED);
      for (const caller of [owner, stranger, thief]) {
        const result = await staking.connect(caller).slash.staticCall(node, OBLIGATION, AMOUNT, AMOUNT, 0n);
        expect(result).to.deep.equal(NOTHING);
      }
    });
  });

  context("given a node that has withdrawn its consent [T030]", () => {
    it("takes as much as before", async () => {
      const suite = await loadFixture(locked);
      const { staking, owner, node, consumer } = suite;
      await staking.connect(owner).authorise(node, consumer, 0n);
      expect((await outcomeOf(suite, LOCKED)).own).to.equal(OWN_STAKE);
    });
  });

  context("given delegated stake that was lost, and new stake since [T025 I13]", () => {
    it("leaves the lost ones nothing of the new", async () => {
      const suite = await loadFixture(delegated);
      const { staking, owner, node, consumer, delegator, stranger } = suite;
      await staking.connect(owner).authorise(node, consumer, OWN_STAKE + DELEGATED);
      await lock(suite, OWN_STAKE + DELEGATED);
      await slashing(suite, OWN_STAKE + DELEGATED);
      expect(await staking.delegationOf(node, delegator)).to.deep.equal([0n, 0n]);

      await stakeAgain(suite);
      await delegate(suite, stranger, AMOUNT);
      expect(await staking.delegationOf(node, delegator)).to.deep.equal([0n, 0n]);
      expect((await staking.delegationOf(node, stranger)).amount).to.equal(AMOUNT);
    });

    it("takes from a pool that was nearly lost, and joined again, what is asked and no more [I12 I15]", async () => {
      const suite = await loadFixture(worn);
      const { staking, node, delegator, stranger } = suite;
      expect(await outcomeOf(suite, OWN_STAKE + AMOUNT)).to.deep.equal([OWN_STAKE, AMOUNT, 0n, 0n, OWN_STAKE + AMOUNT]);
      const before = (await stakeOf(staking, node)).delegated;
      await slashing(suite, OWN_STAKE + AMOUNT);

      const { bonded } = await staking.delegatedStakeOf(node);
      expect([bonded.assets, bonded.epoch]).to.deep.equal([before - AMOUNT, 1n]);
      const { amount: ofNew } = await staking.delegationOf(node, stranger);
      const { amount: ofOld } = await staking.delegationOf(node, delegator);
      expect(ofNew).to.be.closeTo((DELEGATED * bonded.assets) / before, 2n);
      expect(bonded.assets - ofNew - ofOld).to.be.within(0n, 2n);
    });
  });
});
