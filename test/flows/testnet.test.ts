import { expect } from "chai";
import { parseEther } from "ethers";

import { OptimisticState } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { SessionState } from "../../packages/sdk/src/codecs/session.ts";
import { actors } from "../support/actors.ts";
import { deploy, parametersFor } from "../support/deployment.ts";
import { releasedOn } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";
import { LYING, offeringOn, TestOffer } from "../support/optimistic.ts";
import { conversingOn, TestSession } from "../support/sessions.ts";

const MINUTES = 60;
/** The slowest blocks of the testnets in deploy/networks, seconds. */
const BLOCK_PERIOD = 12;

/** Of a bond on test networks. */
const BOND = parseEther("5");
const CALL_PRICE = parseEther("0.05");
/** The least collateral there, and the most that the owner of the model can get. */
const TERMS = { callPrice: CALL_PRICE, royalty: parseEther("0.015"), collateral: 200n * CALL_PRICE + 4n * BOND };

describe("A testnet", () => {
  const testnet = async () => {
    const people = await actors();
    const suite = await deploy(parametersFor("testnet", people.deployer.address));
    return offeringOn(await releasedOn({ ...suite, ...people }));
  };

  const conversingThere = async () => conversingOn(await testnet());

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

  it("pays a session of 1,000 calls and lets the collateral go within four hours", async () => {
    const suite = await loadFixture(conversingThere);
    const { sessions, first, version } = suite;
    const session = await TestSession.open(suite, TERMS, 1_000n * TERMS.callPrice);
    const openedAt = await time.latest();
    await session.redeem(1_000n * TERMS.callPrice);
    expect((await session.record()).redeemed).to.equal(200n * TERMS.callPrice + 4n * BOND);
    await session.close(first.signer);
    await time.increase(Number(session.fields.rules.horizonPeriod));
    await session.settle();
    expect((await session.record()).state).to.equal(SessionState.Released);
    expect((await sessions.servingOf(first.node, version)).used).to.equal(0n);
    expect((await time.latest()) - openedAt).to.be.lessThan(4 * 60 * MINUTES);
  });
});
