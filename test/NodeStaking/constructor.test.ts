import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { NodeStaking__factory } from "../../typechain-types/index.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";
import { DAY, THAW_PERIOD } from "../support/staking.ts";

describe("NodeStaking.constructor", () => {
  const given = () => loadFixture(protocol);
  const deploy = async (thawPeriod: bigint, changes: { readonly delegationRatio?: bigint } = {}) => {
    const { staking, access, token, deployer } = await given();
    const [leastOwnStake, leastDelegation, delegationRatio, signerRotationPeriod] = await staking.parameters();
    const parameters = {
      leastOwnStake,
      leastDelegation,
      delegationRatio: changes.delegationRatio ?? delegationRatio,
      signerRotationPeriod,
      commissionNoticePeriod: 90n * DAY,
    };
    return new NodeStaking__factory(deployer).deploy(access, token, thawPeriod, parameters);
  };

  it("takes token, thaw period and authority for good", async () => {
    const { staking, access, token } = await given();
    expect(await staking.TOKEN()).to.equal(token);
    expect(await staking.THAW_PERIOD()).to.equal(THAW_PERIOD);
    expect(await staking.authority()).to.equal(access);
    expect((await staking.eip712Domain()).name).to.equal("OPG NodeStaking");
  });

  it("accepts a thaw of a second and of 60 days, and nothing outside [T117]", async () => {
    const { staking } = await given();
    for (const thawPeriod of [1n, 60n * DAY]) {
      expect(await (await deploy(thawPeriod)).THAW_PERIOD()).to.equal(thawPeriod);
    }
    for (const thawPeriod of [0n, 60n * DAY + 1n]) {
      await expect(deploy(thawPeriod))
        .to.be.revertedWithCustomError(staking, "StakingParameterOutOfBounds")
        .withArgs(encodeBytes32String("thawPeriod"), thawPeriod, 1n, 60n * DAY);
    }
  });

  it("holds the first parameters to the same bounds as later ones [T117]", async () => {
    const { staking } = await given();
    await expect(deploy(THAW_PERIOD, { delegationRatio: 5n }))
      .to.be.revertedWithCustomError(staking, "StakingParameterOutOfBounds")
      .withArgs(encodeBytes32String("delegationRatio"), 5n, 0n, 4n);
  });
});
