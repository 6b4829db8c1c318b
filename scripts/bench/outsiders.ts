/** What somebody who is no part of a job can make dearer for those who are: each at its worst. */
import { dataLength, id, parseEther } from "ethers";

import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { PayloadError } from "../../packages/sdk/src/codecs/payload.ts";
import { CALLBACK_GAS, PAYLOAD, settledFor, withCallbacks } from "../../test/support/callbacks.ts";
import { BALANCE } from "../../test/support/disputes.ts";
import { LOCK_PERIOD, OWN_STAKE, registerNode, released, served, MAX_LOCK } from "../../test/support/fixtures.ts";
import { each, INPUT_URI } from "../../test/support/jobs.ts";
import { ethers, networkHelpers, time } from "../../test/support/network.ts";
import { namedOrder, offering } from "../../test/support/optimistic.ts";
import { HONEST, LYING, refereedByThree, refute, requestDisputable, windowEndOf } from "../../test/support/refereed.ts";
import { Mood, planOf, scheduling, TestSchedule } from "../../test/support/schedules.ts";
import { figure, type Figure, type Figures, nth } from "./figures.ts";
import { drawnNodes, order } from "./jobs.ts";

const CHANGES = 1_024;
/** The least that changes what a draw weighs. */
const DUST = 10n ** 15n;
/** A cold slot for each halving of a history, and what it takes to find and compare it. */
const LOOK_UP_GAS = 2_600 * Math.log2(CHANGES);
const SOURCE_GAS = 1_000_000;
/** All that are ever named for one lie. */
const CHALLENGERS = 4;
/** Gas that a refused run is sent with. */
const RUN_GAS = 2_000_000;

/** A contract wallet that says yes, in 250,000 bytes: memory of that size costs it 142,000 gas. */
const TALKATIVE_WALLET = "0x631626ba7e60e01b5f526203d0905ff3";
const REPAY = parseEther("0.01");

export const OUTSIDER_BOUNDS: Readonly<Record<string, number>> = {
  "market.commit.first": 105_000,
  "market.commit.history1024": 80_000 + 2 * LOOK_UP_GAS,
  "staking.slash.whole": 195_000,
  "market.deliver.burner": CALLBACK_GAS + 50_000,
  "market.deliver.bomb": 220_000,
  "scheduler.run.source.burner": SOURCE_GAS + 40_000,
  "scheduler.run.source.bomb": 55_000,
  "scheduler.run.source.longest": 800_000,
  "market.settle.refereed.crowd": 400_000,
  "market.requestFor.wallet": 245_000,
};

export async function outsiderFigures(): Promise<Figures> {
  return {
    ...(await sealFigures()),
    ...(await slashFigures()),
    ...(await deliveryFigures()),
    ...(await sourceFigures()),
    ...(await hearingFigures()),
    ...(await walletFigures()),
  };
}

/** A seal whose draw looks for weights behind changes that others have made since. */
async function sealFigures(): Promise<Figures> {
  const suite = await served(3);
  const { token, staking, market, deployer, stranger, nodes, version } = suite;
  const [sealing, busy] = [nth(nodes, 0), nth(nodes, 2)];
  const all = DUST * BigInt(CHANGES);
  await token.connect(deployer).transfer(stranger, all);
  await token.connect(stranger).approve(staking, all);
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  const { job: quiet } = await order(suite);
  await drawnNodes(quiet, [sealing], 1);
  const first = await quiet.commit(sealing);

  for (let i = 0; i < CHANGES; i++) {
    await time.increase(1); // what holds for no time leaves no trace
    await staking.connect(stranger).stake(sealing.node, DUST);
    await market.connect(busy.signer).serve(busy.node, version, OWN_STAKE - BigInt(i % 2), MAX_LOCK, endsAt);
  }
  const { job } = await order(suite);
  const [other] = await drawnNodes(job, [nth(nodes, 1)], 1);
  if (other === undefined) throw new Error("Nobody opens the round");
  await job.commit(other);
  await drawnNodes(job, [sealing], 1);
  const commit = await job.commit(sealing);
  const note = `As market.commit, after ${CHANGES} changes, since the job weighs them, of the node's stake by a stranger's dust and of the weight of all.`;
  return {
    "market.commit.first": await figure("The first seal of a job, which all others can wait for.", first),
    "market.commit.history1024": await figure(note, commit),
  };
}

/** A slash of all that is locked, out of all four pots, one of which it leaves empty. */
async function slashFigures(): Promise<Figures> {
  const suite = await released();
  const { token, staking, deployer, delegator, stranger, operators } = suite;
  const operator = nth(operators, 0);
  const { owner, node } = operator;
  await registerNode(suite, operator);
  await token.connect(deployer).transfer(delegator, OWN_STAKE);
  await token.connect(delegator).approve(staking, OWN_STAKE);
  await staking.connect(delegator).delegate(node, OWN_STAKE, 0n);
  await staking.connect(owner).thaw(node, OWN_STAKE / 10n);
  const { shares } = (await staking.delegatedStakeOf(node)).bonded;
  await staking.connect(delegator).undelegate(node, shares / 10n, 0n);

  const backing = await staking.backingOf(node);
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  await token.connect(deployer).transfer(stranger, 1n);
  await staking.connect(owner).authorise(node, stranger, backing);
  await staking.connect(stranger).lock(node, id("obligation"), backing, endsAt);
  await time.increase(60);
  const slash = await staking.connect(stranger).slash(node, id("obligation"), backing, backing, 0n);
  return {
    "staking.slash.whole": await figure("As staking.slash, of all that backs a node: none of its own is left.", slash),
  };
}

/** A delivery to callbacks that mean harm. */
async function deliveryFigures(): Promise<Figures> {
  const suite = await withCallbacks();
  const { market, stranger, burner, bomb } = suite;
  const deliverTo = async (callback: string) => {
    const job = await settledFor(suite, callback);
    return market.connect(stranger).deliver(job.packed, PayloadError.None, PAYLOAD);
  };
  const note = `The order names ${CALLBACK_GAS.toLocaleString("en")} gas for it;`;
  return {
    "market.deliver.burner": await figure(`${note} it burns all of that.`, await deliverTo(await burner.getAddress())),
    "market.deliver.bomb": await figure(`${note} it returns 250,000 bytes.`, await deliverTo(await bomb.getAddress())),
  };
}

/** A run of a schedule whose source means harm, or gives as much as a market takes. */
async function sourceFigures(): Promise<Figures> {
  const suite = await scheduling();
  const { source, optimistic, scheduler, stranger } = suite;
  const terms = { source: await source.getAddress(), sourceGas: SOURCE_GAS };
  const schedule = await TestSchedule.create(suite, await planOf(suite, terms));
  const { packed, order: encoded, input } = schedule;
  const note = `The schedule names ${SOURCE_GAS.toLocaleString("en")} gas for it;`;
  const refused = async (mood: number, what: string) => {
    await source.setMood(mood);
    await schedule.at(0);
    const run = () => scheduler.connect(stranger).trigger(packed, encoded, input, { gasLimit: RUN_GAS });
    return refusal(`${note} it ${what}, and the run is refused.`, run);
  };
  const burner = await refused(Mood.BurnsGas, "burns all of that");
  const bomb = await refused(Mood.ReturnsMuch, "returns 60,000 bytes");

  await source.setMood(Mood.Fair);
  // Begins as what is given in place does, not as a URI.
  const longest = new Uint8Array(Number(await optimistic.MOST_INPUT_BYTES())).fill(0xa5, 1);
  await source.give(id("sourced input"), longest, { gasLimit: 16_000_000 });
  const run = await (await schedule.at(1)).trigger();
  return {
    "scheduler.run.source.burner": burner,
    "scheduler.run.source.bomb": bomb,
    "scheduler.run.source.longest": await figure(
      `${note} it gives the longest input, of ${longest.length} bytes.`,
      run,
    ),
  };
}

/** A lie that as many prove as are ever named, none of whom was paid before. */
async function hearingFigures(): Promise<Figures> {
  const suite = await refereedByThree();
  const { token, disputes, deployer, operators, nodes } = suite;
  const challengers = operators.slice(nodes.length, nodes.length + CHALLENGERS).map(({ owner }) => owner);
  await token.connect(deployer).approve(disputes, BigInt(CHALLENGERS) * BALANCE);
  for (const challenger of challengers) await disputes.connect(deployer).deposit(challenger, BALANCE);
  const seats = nodes.slice(0, 2);
  const job = await (await requestDisputable(suite, { windowPeriod: 100 })).open();
  await job.answer(each(seats, [LYING.outputRoot, HONEST.outputRoot]));
  await refute(job, { liar: nth(seats, 0), outputRoot: LYING.outputRoot }, challengers);
  await time.increaseTo(await windowEndOf(job));
  const note = `As market.settle.refereed.lie, with ${CHALLENGERS} challengers, none of whom was paid before.`;
  return { "market.settle.refereed.crowd": await figure(note, await job.settle(seats)) };
}

/** An order that a contract wallet answers for, at length. */
async function walletFigures(): Promise<Figures> {
  const suite = await offering();
  const { optimistic, requester, stranger } = suite;
  await networkHelpers.setCode(requester.address, TALKATIVE_WALLET);
  const bring = async (nonce: bigint) => {
    const now = await time.latest();
    const packed = packOptimisticOrder(namedOrder(suite, { since: now }));
    const signed = { mostCost: parseEther("3"), mostRepay: REPAY, nonce, expiresAt: now + 1_000, signature: "0x" };
    return optimistic.connect(stranger).requestFor(packed, INPUT_URI, signed, REPAY);
  };
  await bring(1n);
  const note =
    "As market.requestFor, of a contract wallet that returns 250,000 bytes; it may burn as much as its bringer sends.";
  return { "market.requestFor.wallet": await figure(note, await bring(2n)) };
}

/** What a transaction costs its sender that is mined and fails. */
async function refusal(note: string, send: () => Promise<unknown>): Promise<Figure> {
  const before = await ethers.provider.getBlockNumber();
  const isRefused = await send().then(
    () => false,
    () => true,
  );
  const block = await ethers.provider.getBlock("latest", true);
  if (!isRefused || block?.number !== before + 1) throw new Error("It was to be mined and to fail");
  const { data } = block.getPrefetchedTransaction(0);
  return { gas: Number(block.gasUsed), calldataBytes: dataLength(data), note };
}
