import { expect } from "chai";
import { parseEther } from "ethers";

import { LOCK_PERIOD } from "../support/fixtures.ts";
import { each } from "../support/jobs.ts";
import { hasProbes, loadFixture, time } from "../support/network.ts";
import { BALANCE } from "../support/disputes.ts";
import {
  FACTOR,
  HONEST,
  LYING,
  refereedByThree,
  refute,
  requestDisputable,
  STAKE,
  windowEndOf,
} from "../support/refereed.ts";

/** No transaction has more gas: EIP-7825. */
const TRANSACTION_GAS_CAP = 2n ** 24n;
/** Of a quorum of 15. */
const MOST_SEATS = 48n;
const SHARERS = 4;
const PRICE = parseEther("10");

/** Nodes of which a slash takes from all four pots, and for each of them four challengers whom nobody has paid before. */
async function costlyToJudge() {
  const suite = await refereedByThree();
  const { token, staking, market, disputes, deployer, delegator, operators, nodes, version } = suite;
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  const delegated = STAKE / 2n;
  for (const { node, owner, signer } of nodes) {
    await token.connect(deployer).transfer(delegator, delegated);
    await token.connect(delegator).approve(staking, delegated);
    await staking.connect(delegator).delegate(node, delegated, 1n);
    await staking.connect(owner).thaw(node, parseEther("10"));
    await staking.connect(delegator).undelegate(node, parseEther("10000"), 1n);
    await staking.connect(owner).authorise(node, market, 2n * STAKE);
    await market.connect(signer).serve(node, version, STAKE / 2n, STAKE + delegated / 2n, endsAt);
  }
  const challengers = operators.slice(nodes.length).flatMap(({ owner, signer }) => [owner, signer]);
  await token.connect(deployer).approve(disputes, 12n * BALANCE);
  for (const account of challengers.slice(0, 3 * SHARERS)) await disputes.connect(deployer).deposit(account, BALANCE);
  await time.increase(60);
  return { ...suite, challengers };
}

/** Gas to settle three seats of which so many have lied. */
async function gasOf(lies: number): Promise<bigint> {
  const suite = await loadFixture(costlyToJudge);
  const terms = { seatPrice: PRICE, windowPeriod: 100, collateralFactor: FACTOR, maxRoyalty: PRICE };
  const job = await (await requestDisputable(suite, terms)).open();
  await job.answer(
    each(
      suite.nodes,
      suite.nodes.map((_, i) => (i < lies ? LYING : HONEST).outputRoot),
    ),
  );
  for (const [i, liar] of suite.nodes.slice(0, lies).entries()) {
    const challengers = suite.challengers.slice(SHARERS * i, SHARERS * (i + 1));
    await refute(job, { liar, outputRoot: LYING.outputRoot }, challengers);
  }
  await time.increaseTo(await windowEndOf(job));
  const receipt = await (await job.settle(suite.nodes)).wait();
  return receipt?.gasUsed ?? 0n;
}

describe("A cartel whose nodes all lie in a job as large as it can be", () => {
  it("cannot make the settlement too long for one transaction [T077 I10 I32]", async function () {
    if (hasProbes) this.skip();
    const [one, three] = [await gasOf(1), await gasOf(3)];
    const lie = (three - one) / 2n;
    // Every seat as dear as if nothing but seats cost gas.
    const seat = (one - lie) / 3n;
    expect(MOST_SEATS * (seat + lie)).to.be.below(TRANSACTION_GAS_CAP);
  });
});
