import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { PauseGuardian__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const DAY = 86_400;

describe("PauseGuardian.constructor", () => {
  async function deploy(maxPausePeriod: number, coolDownPeriod: number, count = 1) {
    const { access, governor, market, deployer, pauseGuardian } = await loadFixture(protocol);
    const targets = Array.from({ length: count }, () => market.target);
    const factory = new PauseGuardian__factory(deployer);
    return { pauseGuardian, deployed: factory.deploy(access, governor, maxPausePeriod, coolDownPeriod, targets) };
  }

  it("takes the longest periods that there are", async () => {
    const { deployed } = await deploy(21 * DAY, 60 * DAY, 8);
    const guardian = await deployed;
    expect(await guardian.MAX_PAUSE_PERIOD()).to.equal(21 * DAY);
    expect(await guardian.COOL_DOWN_PERIOD()).to.equal(60 * DAY);
    expect((await guardian.targets()).length).to.equal(8);
    expect(await guardian.pausedUntil()).to.equal(0);
  });

  // The longest vote takes 52 seconds here, and the longest delay after it 8.
  const refusals: readonly (readonly [number, number, number, string, number, number, number])[] = [
    [59, 60, 1, "maxPausePeriod", 59, 60, 21 * DAY],
    [21 * DAY + 1, 60, 1, "maxPausePeriod", 21 * DAY + 1, 60, 21 * DAY],
    [60, 59, 1, "coolDownPeriod", 59, 60, 60 * DAY],
    [60, 60 * DAY + 1, 1, "coolDownPeriod", 60 * DAY + 1, 60, 60 * DAY],
    [60, 60, 0, "targets", 0, 1, 8],
    [60, 60, 9, "targets", 9, 1, 8],
  ];
  for (const [maxPause, coolDown, count, parameter, given, least, most] of refusals) {
    it(`refuses pauses of ${maxPause} and pauses between them of ${coolDown} seconds for ${count} targets [T116 T117]`, async () => {
      const { pauseGuardian, deployed } = await deploy(maxPause, coolDown, count);
      await expect(deployed)
        .to.be.revertedWithCustomError(pauseGuardian, "ControlOutOfBounds")
        .withArgs(encodeBytes32String(parameter), given, least, most);
    });
  }
});
