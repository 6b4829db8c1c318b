import { expect } from "chai";

import { protocol } from "../support/fixtures.ts";
import { ethers, loadFixture, time } from "../support/network.ts";

describe("OPGToken.clock", () => {
  it("is the time of the block, and says so", async () => {
    const { token } = await loadFixture(protocol);
    const blockTag = await ethers.provider.getBlockNumber();
    expect(await token.clock({ blockTag })).to.equal(await time.latest());
    expect(await token.CLOCK_MODE()).to.equal("mode=timestamp");
  });
});
