import { expect } from "chai";
import { encodeBytes32String, ZeroAddress, ZeroHash } from "ethers";

import { OPGTimelock__factory } from "../../typechain-types/index.ts";
import { actors } from "../support/actors.ts";

const DAY = 86_400;

describe("OPGTimelock.constructor", () => {
  async function deploy(period: number, leastPeriod: number, mostPeriod: number) {
    const { deployer, publisher } = await actors();
    const timelock = await new OPGTimelock__factory(deployer).deploy(period, leastPeriod, mostPeriod, publisher);
    return { timelock, deployer, publisher };
  }

  it("has the delay and the bounds that it was given, up to the last second", async () => {
    const { timelock } = await deploy(30 * DAY, 2, 30 * DAY);
    expect(await timelock.getMinDelay()).to.equal(30 * DAY);
    expect(await timelock.LEAST_PERIOD()).to.equal(2);
    expect(await timelock.MOST_PERIOD()).to.equal(30 * DAY);
  });

  it("lets anyone execute, and makes the given account its admin, whoever deploys it [T115]", async () => {
    const { timelock, deployer, publisher } = await deploy(5, 5, 8);
    expect(await timelock.hasRole(await timelock.EXECUTOR_ROLE(), ZeroAddress)).to.equal(true);
    expect(await timelock.hasRole(ZeroHash, publisher)).to.equal(true);
    expect(await timelock.hasRole(ZeroHash, deployer)).to.equal(false);
    for (const role of [await timelock.PROPOSER_ROLE(), await timelock.CANCELLER_ROLE()]) {
      expect(await timelock.queryFilter(timelock.filters.RoleGranted(role))).to.deep.equal([]);
    }
  });

  const refusals: readonly (readonly [
    period: number,
    least: number,
    most: number,
    parameter: string,
    given: number,
  ])[] = [
    [5, 1, 8, "leastPeriod", 1],
    [5, 9, 8, "leastPeriod", 9],
    [5, 5, 30 * DAY + 1, "mostPeriod", 30 * DAY + 1],
    [4, 5, 8, "timelockPeriod", 4],
    [9, 5, 8, "timelockPeriod", 9],
  ];
  for (const [period, least, most, parameter, given] of refusals) {
    it(`refuses a delay of ${period} between ${least} and ${most}, for its ${parameter} [T117]`, async () => {
      const { timelock } = await deploy(5, 5, 8);
      const bounds = { leastPeriod: [2, most], mostPeriod: [least, 30 * DAY], timelockPeriod: [least, most] }[
        parameter
      ];
      await expect(deploy(period, least, most))
        .to.be.revertedWithCustomError(timelock, "ControlOutOfBounds")
        .withArgs(encodeBytes32String(parameter), given, ...(bounds ?? []));
    });
  }
});
