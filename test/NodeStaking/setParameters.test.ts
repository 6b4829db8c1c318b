import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import { DAY, delegated, DELEGATED, locked, LOCKED, nextTime, OBLIGATION, THAW_PERIOD } from "../support/staking.ts";

/** As `local.json5` says, in the order of the struct. */
const GIVEN = {
  leastOwnStake: parseEther("1"),
  leastDelegation: parseEther("0.01"),
  delegationRatio: 3n,
  signerRotationPeriod: 2n,
  commissionNoticePeriod: THAW_PERIOD,
};

const BOUNDS = {
  leastOwnStake: [parseEther("1"), parseEther("1000000")],
  leastDelegation: [parseEther("0.01"), parseEther("1000")],
  delegationRatio: [0n, 4n],
  signerRotationPeriod: [2n, 7n * DAY],
  commissionNoticePeriod: [THAW_PERIOD, 90n * DAY],
} as const;

const NAMES = Object.keys(GIVEN) as (keyof typeof GIVEN)[];

describe("NodeStaking.setParameters", () => {
  const given = () => loadFixture(delegated);

  context("when whom the access manager allows calls", () => {
    it("sets all of them", async () => {
      const { staking, deployer } = await given();
      expect(await staking.parameters()).to.deep.equal(Object.values(GIVEN));
      const next = [parseEther("2"), parseEther("3"), 1n, 60n, THAW_PERIOD + 1n] as const;
      const [leastOwnStake, leastDelegation, delegationRatio, signerRotationPeriod, commissionNoticePeriod] = next;
      const setting = staking.connect(deployer).setParameters({
        leastOwnStake,
        leastDelegation,
        delegationRatio,
        signerRotationPeriod,
        commissionNoticePeriod,
      });
      await expect(setting).to.emit(staking, "StakingParametersSet").withArgs(next);
      expect(await staking.parameters()).to.deep.equal(next);
    });

    for (const name of NAMES) {
      const [least, most] = BOUNDS[name];

      it(`accepts both ends of ${name}`, async () => {
        const { staking, deployer } = await given();
        for (const value of [most, least]) {
          await staking.connect(deployer).setParameters({ ...GIVEN, [name]: value });
          expect((await staking.parameters())[name]).to.equal(value);
        }
      });

      it(`reverts for ${name} outside its bounds, and names them [T117]`, async () => {
        const { staking, deployer } = await given();
        for (const value of least === 0n ? [most + 1n] : [least - 1n, most + 1n]) {
          await expect(staking.connect(deployer).setParameters({ ...GIVEN, [name]: value }))
            .to.be.revertedWithCustomError(staking, "StakingParameterOutOfBounds")
            .withArgs(encodeBytes32String(name), value, least, most);
        }
      });
    }
  });

  context("when anyone else calls", () => {
    it("reverts and names the caller [T124]", async () => {
      const { staking, owner, stranger } = await given();
      for (const caller of [owner, stranger]) {
        await expect(staking.connect(caller).setParameters(GIVEN))
          .to.be.revertedWithCustomError(staking, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
    });
  });

  context("given a node with stake and locks [T118]", () => {
    it("holds it to another least own stake from its next change on", async () => {
      const { staking, owner, deployer, node } = await given();
      await staking.connect(deployer).setParameters({ ...GIVEN, leastOwnStake: OWN_STAKE + 1n });
      expect(await staking.backingOf(node)).to.equal(0n);
      expect((await staking.standingOf(node, await nextTime())).stakeThen).to.equal(OWN_STAKE + DELEGATED);
      await staking.connect(owner).thaw(node, 1n);
      expect((await staking.standingOf(node, await nextTime())).stakeThen).to.equal(0n);
    });

    it("counts delegated stake by another ratio, and leaves it to its delegators", async () => {
      const { staking, deployer, node, delegator } = await given();
      await staking.connect(deployer).setParameters({ ...GIVEN, delegationRatio: 1n });
      expect(await staking.backingOf(node)).to.equal(2n * OWN_STAKE);
      expect((await staking.delegationOf(node, delegator)).amount).to.equal(DELEGATED);
    });

    it("leaves standing locks as they are, and slashable", async () => {
      const { staking, deployer, node, consumer } = await loadFixture(locked);
      await staking.connect(deployer).setParameters({ ...GIVEN, delegationRatio: 0n });
      expect((await staking.lockOf(node, consumer, OBLIGATION)).amount).to.equal(LOCKED);
      const slashed = await staking.connect(consumer).slash.staticCall(node, OBLIGATION, LOCKED, 0n, 0n);
      expect([slashed.own, slashed.delegated]).to.deep.equal([OWN_STAKE, LOCKED - OWN_STAKE]);
    });
  });
});
