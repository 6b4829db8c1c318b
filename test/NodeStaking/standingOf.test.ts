import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";

import { OWN_STAKE } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { DELEGATED, delegated, fund, nextTime, registered, type Registered } from "../support/staking.ts";

const AMOUNT = parseEther("100");
const GRAIN = parseEther("0.001");

/** Stakes so much at a time of its own, and tells that time. */
async function stakeLater(suite: Registered, amount: bigint): Promise<bigint> {
  const { staking, owner, node } = suite;
  await fund(suite, owner, amount);
  const at = await nextTime(10n);
  await staking.connect(owner).stake(node, amount);
  return at;
}

describe("NodeStaking.standingOf", () => {
  context("given a node whose stake has changed several times", () => {
    /** 1,000, 1,100 and 1,300 OPG, and less again by a thaw. */
    async function changing() {
      const suite = await registered();
      const registeredAt = BigInt(await time.latest());
      const first = await stakeLater(suite, AMOUNT);
      const second = await stakeLater(suite, 2n * AMOUNT);
      const third = await nextTime(10n);
      await suite.staking.connect(suite.owner).thaw(suite.node, 3n * AMOUNT);
      return { ...suite, registeredAt, first, second, third };
    }

    it("gives the stake of each second, and the signer of now [T033 I19]", async () => {
      const { staking, node, signer, registeredAt, first, second, third } = await loadFixture(changing);
      for (const [at, stake] of [
        [0n, 0n],
        [registeredAt - 1n, 0n],
        [registeredAt, OWN_STAKE],
        [first - 1n, OWN_STAKE],
        [first, OWN_STAKE + AMOUNT],
        [second - 1n, OWN_STAKE + AMOUNT],
        [second, OWN_STAKE + 3n * AMOUNT],
        [third - 1n, OWN_STAKE + 3n * AMOUNT],
        [third, OWN_STAKE],
        [third + 1_000n, OWN_STAKE],
      ] as const) {
        expect(await staking.standingOf(node, at)).to.deep.equal([signer.address, stake, true]);
      }
    });

    it("gives the last stake of a second in which it changed twice", async () => {
      const suite = await loadFixture(changing);
      const { staking, owner, node, third } = suite;
      await time.setNextBlockTimestamp(third);
      await staking.connect(owner).thaw(node, AMOUNT);
      await stakeLater(suite, 5n * AMOUNT);
      expect((await staking.standingOf(node, third)).stakeThen).to.equal(OWN_STAKE - AMOUNT);
      expect((await staking.standingOf(node, third - 1n)).stakeThen).to.equal(OWN_STAKE + 3n * AMOUNT);
    });
  });

  context("given stake that is no whole number of grains", () => {
    it("rounds down to 0.001 OPG, where the backing does not", async () => {
      const suite = await loadFixture(registered);
      const { staking, node } = suite;
      const at = await stakeLater(suite, 2n * GRAIN - 1n);
      expect((await staking.standingOf(node, at)).stakeThen).to.equal(OWN_STAKE + GRAIN);
      expect(await staking.backingOf(node)).to.equal(OWN_STAKE + 2n * GRAIN - 1n);
    });
  });

  context("given delegated stake", () => {
    it("counts it up to the ratio of the own", async () => {
      const { staking, owner, node } = await loadFixture(delegated);
      expect((await staking.standingOf(node, await nextTime())).stakeThen).to.equal(OWN_STAKE + DELEGATED);
      await staking.connect(owner).thaw(node, OWN_STAKE - AMOUNT);
      expect((await staking.standingOf(node, await nextTime())).stakeThen).to.equal(4n * AMOUNT);
    });
  });

  context("given no node", () => {
    it("has neither signer nor stake", async () => {
      const { staking, stranger } = await loadFixture(registered);
      const { signer, stakeThen } = await staking.standingOf(stranger, await nextTime());
      expect([signer, stakeThen]).to.deep.equal([ZeroAddress, 0n]);
    });
  });
});
