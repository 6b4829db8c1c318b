import { expect } from "chai";
import { id } from "ethers";

import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, servedByNine } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const DELEGATED = 2n * OWN_STAKE;
const OBLIGATION = id("a debt to itself");

/** A liar whose delegators' stake is enough for the market's lock, and who consents to an account of its own besides. */
async function liarWithFriend() {
  const suite = await servedByNine();
  const { token, staking, deployer, delegator, thief, nodes } = suite;
  const [liar] = nodes;
  if (liar === undefined) throw new Error("The fixture has no nodes");
  await token.connect(deployer).transfer(delegator, DELEGATED);
  await token.connect(delegator).approve(staking, DELEGATED);
  await staking.connect(delegator).delegate(liar.node, DELEGATED, 1n);
  await staking.connect(liar.owner).authorise(liar.node, thief, OWN_STAKE);
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  await staking.connect(thief).lock(liar.node, OBLIGATION, OWN_STAKE, endsAt);
  return { ...suite, liar };
}

describe("A liar that owes its own stake to a consumer of its own", () => {
  it("cannot take out, before the verdict, what the market's lock needs of it [T023 T062]", async () => {
    const { staking, token, thief, liar } = await loadFixture(liarWithFriend);
    await staking.connect(thief).slash(liar.node, OBLIGATION, OWN_STAKE, OWN_STAKE, 0n);
    expect(await token.balanceOf(thief)).to.equal(OWN_STAKE - MAX_LOCK);
  });
});
