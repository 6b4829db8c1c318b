import { expect } from "chai";
import { keccak256, parseEther } from "ethers";

import { abiEncode } from "../../packages/sdk/src/codecs/abi.ts";
import { orderPaymentNonce, packOrder, paymentNonce } from "../../packages/sdk/src/codecs/job.ts";
import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import { optimisticOrderPaymentNonce, packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { unpackOptimisticRules } from "../../packages/sdk/src/codecs/optimisticRules.ts";
import { unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { nth } from "../support/actors.ts";
import { PERIODS } from "../support/control.ts";
import { DETAILS, IDENTITY, MAX_LOCK, OWN_STAKE, signConsent } from "../support/fixtures.ts";
import { INPUT_URI, orderOf, TestJob } from "../support/jobs.ts";
import { loadFixture, time } from "../support/network.ts";
import { namedOrder, TestOffer } from "../support/optimistic.ts";
import { chainId, signPayment } from "../support/payments.ts";
import { consentTo, conversing, TestSession } from "../support/sessions.ts";
import { planOf, TestSchedule } from "../support/schedules.ts";
import { fund, nextTime } from "../support/staking.ts";

const AMOUNT = parseEther("10");

/** Nodes that serve in both markets, a node that does not exist yet, and a pause that begins. */
async function paused() {
  const suite = await conversing();
  const { market, optimistic, token, staking, deployer, requester, delegator, first, operators } = suite;
  const { mandates, scheduler, pauseGuardian } = suite;
  await token.connect(deployer).approve(market, AMOUNT * 10n);
  await market.connect(deployer).deposit(requester, AMOUNT * 10n);
  await staking.connect(first.owner).authorise(first.node, market, OWN_STAKE);
  const newcomer = nth(operators, 4);
  await token.connect(deployer).transfer(requester, 2n * AMOUNT);
  for (const account of [newcomer.owner, first.owner, delegator]) await fund(suite, account, OWN_STAKE);
  await mandates.connect(requester).allow(optimistic, scheduler, AMOUNT);
  const schedule = await TestSchedule.create(suite, await planOf(suite, { startAt: await time.latest() }));
  const until = (await nextTime()) + BigInt(PERIODS.pause);
  await pauseGuardian.connect(deployer).pause();
  return { ...suite, newcomer, schedule, until, unrefereed: versionId(suite.model, IDENTITY) };
}

type Paused = Awaited<ReturnType<typeof paused>>;

const lockEnd = async () => BigInt(await time.latest()) + 61n * 86_400n;

/** Everything that binds somebody anew. */
const ENTRIES: Readonly<Record<string, (suite: Paused) => Promise<unknown>>> = {
  "InferenceMarketplace.request": (suite) =>
    suite.market
      .connect(suite.requester)
      .request(packOrder(orderOf(suite, { versionId: suite.unrefereed })), INPUT_URI),
  "OptimisticMarketplace.request": (suite) =>
    suite.optimistic.connect(suite.requester).request(packOptimisticOrder(namedOrder(suite)), INPUT_URI),
  "InferenceMarketplace.requestWithAuthorization": async (suite) => {
    const { market, token, requester, stranger } = suite;
    const order = packOrder(orderOf(suite, { versionId: suite.unrefereed }));
    const nonce = orderPaymentNonce(await chainId(), await market.getAddress(), order, keccak256(INPUT_URI));
    const payment = await signPayment(token, requester, AMOUNT, nonce, market);
    return market.connect(stranger).requestWithAuthorization(order, INPUT_URI, payment);
  },
  "OptimisticMarketplace.requestWithAuthorization": async (suite) => {
    const { optimistic, token, requester, stranger } = suite;
    const order = packOptimisticOrder(namedOrder(suite));
    const market = await optimistic.getAddress();
    const nonce = optimisticOrderPaymentNonce(await chainId(), market, order, keccak256(INPUT_URI));
    const payment = await signPayment(token, requester, AMOUNT, nonce, optimistic);
    return optimistic.connect(stranger).requestWithAuthorization(order, INPUT_URI, payment);
  },
  "InferenceSessions.open": async (suite) => {
    const session = await TestSession.agree(suite);
    return session.openAs(suite.requester);
  },
  "InferenceSessions.openWithAuthorization": async (suite) => {
    const { sessions, token, requester, stranger } = suite;
    const session = await TestSession.agree(suite);
    const subject = abiEncode(["bytes32", "uint256", "uint256"], [session.id, AMOUNT, 0n]);
    const nonce = paymentNonce(await chainId(), await sessions.getAddress(), subject);
    const payment = await signPayment(token, requester, AMOUNT, nonce, sessions);
    const consent = await consentTo(suite, session.id);
    return sessions.connect(stranger).openWithAuthorization(session.packed, AMOUNT, 0n, consent, payment);
  },
  "JobScheduler.create": async (suite) => (await TestSchedule.of(suite, await planOf(suite))).createAs(suite.requester),
  "JobScheduler.change": async (suite) => {
    const { packed, order, input } = await TestSchedule.of(suite, await planOf(suite));
    return suite.scheduler.connect(suite.requester).change(suite.schedule.packed, packed, order, input);
  },
  "JobScheduler.trigger": ({ schedule }) => schedule.trigger(),
  "ModelRegistry.registerModel": ({ registry, publisher }) =>
    registry.connect(publisher).registerModel("another", 0n, false),
  "ModelRegistry.release": ({ registry, publisher, model }) =>
    registry.connect(publisher).release(model, { ...IDENTITY, artifactSize: 7n }, { ...DETAILS, minor: 9 }),
  "NodeStaking.register": async (suite) => {
    const { staking, newcomer } = suite;
    const consent = await signConsent(suite, newcomer.node, newcomer);
    return staking.connect(newcomer.owner).register(OWN_STAKE, newcomer.signer, consent, 0n, "");
  },
  "NodeStaking.stake": ({ staking, first }) => staking.connect(first.owner).stake(first.node, AMOUNT),
  "NodeStaking.delegate": ({ staking, first, delegator }) =>
    staking.connect(delegator).delegate(first.node, AMOUNT, 0n),
  "NodeStaking.lock, through serve of a version": async ({ market, first, version }) =>
    market.connect(first.signer).serve(first.node, version, 0n, 1n, await lockEnd()),
  "NodeStaking.lock, by one unit more": async ({ optimistic, first, version }) =>
    optimistic.connect(first.signer).serve(first.node, version, MAX_LOCK + 1n, await lockEnd()),
};

describe("PausableEntries.pauseUntil", () => {
  for (const [name, enter] of Object.entries(ENTRIES)) {
    it(`closes ${name} up to the last second, and it opens by itself [T116 I27]`, async () => {
      const suite = await loadFixture(paused);
      const { registry, until } = suite;
      await expect(enter(suite)).to.be.revertedWithCustomError(registry, "EntryPaused").withArgs(until);
      await time.increaseTo(until - 2n);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(enter(suite)).to.be.revertedWithCustomError(registry, "EntryPaused").withArgs(until);
      await time.increaseTo(until);
      await enter(suite);
    });

    it(`opens ${name} when the guardian says so`, async () => {
      const suite = await loadFixture(paused);
      await suite.pauseGuardian.connect(suite.deployer).resume();
      await enter(suite);
    });
  }

  it("is for the pause guardian's contract alone [T116]", async () => {
    const { market, optimistic, sessions, scheduler, registry, staking, deployer } = await loadFixture(paused);
    for (const target of [market, optimistic, sessions, scheduler, registry, staking]) {
      await expect(target.connect(deployer).pauseUntil(1n))
        .to.be.revertedWithCustomError(target, "AccessManagedUnauthorized")
        .withArgs(deployer);
    }
  });

  it("lets a lock last longer, so that a node keeps its seats in what has begun", async () => {
    const { optimistic, staking, first, version } = await loadFixture(paused);
    const endsAt = await lockEnd();
    await optimistic.connect(first.signer).serve(first.node, version, MAX_LOCK, endsAt);
    expect((await staking.lockOf(first.node, optimistic, version)).endsAt).to.equal(endsAt);
  });

  it("does not show in the rules, neither in those of the market nor in those of jobs after it", async () => {
    const suite = await loadFixture(paused);
    const { market, optimistic, until } = suite;
    const [drawn, offered] = [(await market.governed()).rules, (await optimistic.governed()).rules];
    expect(BigInt(drawn) >> 255n).to.equal(0n);
    expect(BigInt(offered) >> 255n).to.equal(0n);
    await time.increaseTo(until);
    const job = await TestJob.request(suite, { versionId: suite.unrefereed });
    expect(job.packed.rules).to.equal(drawn);
    expect(job.fields.rules).to.deep.equal(unpackRules(drawn));
    const offer = await TestOffer.named(suite);
    expect(offer.packed.rules).to.equal(offered);
    expect(offer.fields.rules).to.deep.equal(unpackOptimisticRules(offered));
  });

  it("goes on when rules are set", async () => {
    const suite = await loadFixture(paused);
    const { market, optimistic, deployer, registry, until } = suite;
    await market.connect(deployer).setRules((await market.governed()).rules, 20);
    await optimistic.connect(deployer).setRules((await optimistic.governed()).rules, 20);
    for (const order of [() => TestJob.request(suite, { versionId: suite.unrefereed }), () => TestOffer.named(suite)]) {
      await expect(order()).to.be.revertedWithCustomError(registry, "EntryPaused").withArgs(until);
    }
    await time.increaseTo(until);
    await TestJob.request(suite, { versionId: suite.unrefereed });
    await TestOffer.named(suite);
  });
});
