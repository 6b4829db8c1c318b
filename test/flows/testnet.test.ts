import { expect } from "chai";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { actors } from "../support/actors.ts";
import { deploy, parametersFor } from "../support/deployment.ts";
import { releasedOn } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { LYING, offeringOn, TestOffer } from "../support/optimistic.ts";

const MINUTES = 60;
/** The slowest blocks of the testnets in deploy/networks, seconds. */
const BLOCK_PERIOD = 12;

describe("A testnet", () => {
  const testnet = async () => {
    const people = await actors();
    const suite = await deploy(parametersFor("testnet", people.deployer.address));
    return offeringOn(await releasedOn({ ...suite, ...people }));
  };

  it("has a whole job with a dispute over within 15 minutes, if both sides answer promptly", async () => {
    const suite = await loadFixture(testnet);
    const { disputes, optimistic, requester, stranger, first } = suite;
    const windowPeriod = Number(await disputes.LEAST_WINDOW_PERIOD());
    const nextBlock = () => time.increase(BLOCK_PERIOD);
    const job = await TestOffer.named(suite, { windowPeriod });
    const orderedAt = await time.latest();
    await nextBlock();
    await job.answer(first, LYING.outputRoot);
    await nextBlock();
    const game = await job.challenge(first, stranger);
    await nextBlock();
    await game.respond();
    await nextBlock();
    await game.judge(2);
    await expect(job.settle(LYING.outputRoot)).to.be.revertedWithCustomError(disputes, "DisputeSharersNotFinal");
    const { finalAt } = await disputes.sharersOf(await job.statementId(first, LYING.outputRoot));
    await time.increaseTo(finalAt);
    await expect(job.settle(LYING.outputRoot)).to.emit(optimistic, "LiePaid");
    expect((await job.record()).state).to.equal(OptimisticState.Open);
    expect((await optimistic.accountOf(requester)).balance).to.be.greaterThan(0n);
    expect((await time.latest()) - orderedAt).to.be.lessThan(15 * MINUTES);
  });
});
