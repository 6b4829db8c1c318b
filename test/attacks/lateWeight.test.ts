import { expect } from "chai";
import { parseEther } from "ethers";

import { packOrder } from "../../packages/sdk/src/codecs/job.ts";
import { OWN_STAKE, servedByThree, startNode } from "../support/fixtures.ts";
import { INPUT_URI, orderOf, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";

/** Stake and weight count from so long before a request. */
const ACTIVATION = 2;

describe("Somebody who brings weight into a draw that it has seen coming", () => {
  /** Orders exactly `after` seconds after the newest block. */
  async function requestIn(suite: Awaited<ReturnType<typeof servedByThree>>, after: number) {
    const order = packOrder(orderOf(suite));
    await time.setNextBlockTimestamp((await time.latest()) + after);
    const transaction = await suite.market.connect(suite.requester).request(order, INPUT_URI);
    return TestJob.from(suite, await transaction.wait());
  }

  async function withNewcomer() {
    const suite = await servedByThree();
    const newcomer = suite.operators[3];
    if (newcomer === undefined) throw new Error("No operator is left");
    await startNode(suite, newcomer, suite.version);
    return { ...suite, newcomer };
  }

  it("is not drawn with what came a second too late [T033 T050 I19]", async () => {
    const suite = await loadFixture(withNewcomer);
    const job = await (await requestIn(suite, ACTIVATION - 1)).open();
    const { market, newcomer } = suite;
    await expect(job.commit(newcomer))
      .to.be.revertedWithCustomError(market, "MarketNotDrawn")
      .withArgs(job.jobId, newcomer.node, 0n);
  });

  it("is drawn with what was there in time, and counts in the sum from the same second on [I19]", async () => {
    const suite = await loadFixture(withNewcomer);
    const since = await time.latest();
    const job = await requestIn(suite, ACTIVATION);
    const weights = await suite.market.weightsAt(suite.newcomer.node, suite.version, since);
    expect(weights).to.deep.equal([OWN_STAKE, 4n * OWN_STAKE]);
    expect(await suite.market.weightsAt(suite.newcomer.node, suite.version, since - 1)).to.deep.equal([
      0n,
      3n * OWN_STAKE,
    ]);
    expect(job.fields.requestedAt - Number(job.fields.rules.activationPeriod)).to.equal(since);
  });

  it("gains nothing by stake that comes and goes within a second [T033]", async () => {
    const suite = await loadFixture(withNewcomer);
    const { staking, token, deployer, newcomer } = suite;
    const now = (await time.latest()) + 10;
    const before = await staking.backingOf(newcomer.node);
    await token.connect(deployer).approve(staking, parseEther("500"));
    await time.setNextBlockTimestamp(now);
    await staking.connect(deployer).stake(newcomer.node, parseEther("500"));
    await time.setNextBlockTimestamp(now);
    await staking.connect(newcomer.owner).thaw(newcomer.node, parseEther("500"));
    await time.increaseTo(now + 10);
    const { stakeThen } = await staking.standingOf(newcomer.node, now);
    expect(stakeThen).to.equal(before);
  });
});
