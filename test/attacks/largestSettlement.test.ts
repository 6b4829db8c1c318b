import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import { packRules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { LOCK_PERIOD, OWN_STAKE, servedByNine } from "../support/fixtures.ts";
import { all, each, RIGHT, TestJob, WRONG } from "../support/jobs.ts";
import { hasProbes, loadFixture, time } from "../support/network.ts";

/** No transaction has more gas: EIP-7825. */
const TRANSACTION_GAS_CAP = 2n ** 24n;
const MOST_APPEAL_SIZE = 33n;
const MOST_SEATS = { first: 48n, audit: 6n, appeal: 2n * MOST_APPEAL_SIZE };
/** Two thirds of two thirds of the appeal's size, rounded up: with fewer right seats there is nobody to find others wrong. */
const LEAST_RIGHT = 15n;
const PRICE = parseEther("300");

/** Nodes of which a slash takes from all four pots: own and delegated stake, bonded and thawing. */
async function costlyToSlash() {
  const suite = await servedByNine();
  const { token, staking, market, deployer, requester, delegator, nodes, version } = suite;
  await token.connect(deployer).transfer(delegator, parseEther("100000"));
  await token.connect(delegator).approve(staking, parseEther("100000"));
  await token.connect(deployer).approve(market, parseEther("100000"));
  await market.connect(deployer).deposit(requester, parseEther("100000"));
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  for (const { node, owner, signer } of nodes) {
    await staking.connect(delegator).delegate(node, parseEther("2500"), 1n);
    await staking.connect(owner).thaw(node, parseEther("10"));
    await staking.connect(delegator).undelegate(node, parseEther("10000"), 1n);
    await staking.connect(owner).authorise(node, market, parseEther("10000"));
    await market.connect(signer).serve(node, version, OWN_STAKE, parseEther("2900"), endsAt);
  }
  await time.increase(60);
  return suite;
}

/** Gas to settle an appeal of nine seats of which so many are slashed. */
async function gasOf(wrong: number): Promise<bigint> {
  const suite = await loadFixture(costlyToSlash);
  const order = { quorum: 6, seatPrice: PRICE, maxRoyalty: PRICE };
  const job = await (await TestJob.request(suite, order)).open();
  const seats = suite.nodes.slice(0, 6);
  const fresh = suite.nodes.slice(6);
  const outputs = seats.map((_, i) => (i < wrong ? WRONG : RIGHT));
  await job.answer(each(seats, outputs));
  await job.beginNext(seats);
  await job.answer(all(fresh), 2);
  const receipt = await (await job.settle(seats, fresh)).wait();
  return receipt?.gasUsed ?? 0n;
}

describe("A cartel that makes the settlement of its own job as long as it can", () => {
  it("cannot make it too long for one transaction, whatever governance allows [T077 I10 I32]", async function () {
    if (hasProbes) this.skip();
    const [two, five] = [await gasOf(2), await gasOf(5)];
    const slash = (five - two) / 3n;
    const seats = MOST_SEATS.first + MOST_SEATS.audit + MOST_SEATS.appeal;
    // Every seat as dear as if nothing but seats cost gas.
    const seat = (two - 2n * slash) / 9n;
    expect(seats * seat + (seats - LEAST_RIGHT) * slash).to.be.below(TRANSACTION_GAS_CAP);
  });

  it("cannot have governance allow larger appeals [T117]", async () => {
    const { deployer, market, policy } = await loadFixture(servedByNine);
    const { rules } = await market.governed();
    const larger = packRules({ ...unpackRules(rules), appealSize: MOST_APPEAL_SIZE + 1n });
    await expect(market.connect(deployer).setRules(larger, 20n))
      .to.be.revertedWithCustomError(policy, "PolicyOutOfBounds")
      .withArgs(encodeBytes32String("appealSize"), MOST_APPEAL_SIZE + 1n, 3n, MOST_APPEAL_SIZE);
  });
});
