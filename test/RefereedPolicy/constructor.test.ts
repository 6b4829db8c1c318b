import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { RefereedPolicy__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const DAY = 86_400;
/** What the game of the local parameters takes at least, seconds. */
const LEAST_WINDOW = 30;

describe("RefereedPolicy.constructor", () => {
  it("keeps the longest window and takes the rest from its neighbours", async () => {
    const { policy, disputes, commitments, deployer } = await loadFixture(protocol);
    const refereed = await new RefereedPolicy__factory(deployer).deploy(policy, disputes, 77);
    expect([
      await refereed.GAME(),
      await refereed.COMMITMENTS(),
      await refereed.SEED_PERIOD(),
      await refereed.LEAST_WINDOW_PERIOD(),
      await refereed.MOST_WINDOW_PERIOD(),
    ]).to.deep.equal([
      await disputes.getAddress(),
      await commitments.getAddress(),
      await policy.SEED_PERIOD(),
      await disputes.LEAST_WINDOW_PERIOD(),
      77n,
    ]);
  });

  it("reverts and names a longest window below the least or above 14 days [T117]", async () => {
    const { policy, disputes, deployer } = await loadFixture(protocol);
    const factory = new RefereedPolicy__factory(deployer);
    for (const window of [LEAST_WINDOW - 1, 14 * DAY + 1]) {
      await expect(factory.deploy(policy, disputes, window))
        .to.be.revertedWithCustomError(factory, "PolicyOutOfBounds")
        .withArgs(encodeBytes32String("mostWindowPeriod"), window, LEAST_WINDOW, 14 * DAY);
    }
    for (const window of [LEAST_WINDOW, 14 * DAY]) await factory.deploy(policy, disputes, window);
  });
});
