import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { ReplicationPolicy__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

type Clocks = [seedPeriod: number, leastSealPeriod: number, moneyClockFloor: number];
const CLOCKS: Clocks = [20, 2, 5];
const HOURS = 3_600;

describe("ReplicationPolicy.constructor", () => {
  const bounds = [
    ["seedPeriod", 2, 6 * HOURS],
    ["leastSealPeriod", 2, 6 * HOURS],
    ["moneyClockFloor", 5, 48 * HOURS],
  ] as const;

  for (const [index, [field, least, most]] of bounds.entries()) {
    it(`reverts and names ${field} outside ${least} to ${most} seconds [T117]`, async () => {
      const { policy, commitments, deployer } = await loadFixture(protocol);
      const factory = new ReplicationPolicy__factory(deployer);
      const deploy = (value: number) => {
        const clocks: Clocks = [...CLOCKS];
        clocks[index] = value;
        return factory.deploy(commitments, ...clocks);
      };
      for (const value of [least - 1, most + 1]) {
        await expect(deploy(value))
          .to.be.revertedWithCustomError(policy, "PolicyOutOfBounds")
          .withArgs(encodeBytes32String(field), value, least, most);
      }
      for (const value of [least, most]) await deploy(value);
    });
  }

  it("keeps what it was given", async () => {
    const { commitments, deployer } = await loadFixture(protocol);
    const policy = await new ReplicationPolicy__factory(deployer).deploy(commitments, ...CLOCKS);
    expect(await policy.COMMITMENTS()).to.equal(await commitments.getAddress());
    expect([
      await policy.SEED_PERIOD(),
      await policy.LEAST_SEAL_PERIOD(),
      await policy.MONEY_CLOCK_FLOOR(),
    ]).to.deep.equal(CLOCKS.map(BigInt));
  });
});
