import { type ContractTransactionResponse, parseEther } from "ethers";

import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { AuditedOffer, auditing } from "../../test/support/audits.ts";
import { INPUT_URI } from "../../test/support/jobs.ts";
import { time } from "../../test/support/network.ts";
import { HONEST, namedOrder, openOrder, TestOffer, type Offering } from "../../test/support/optimistic.ts";
import { jobOfOrder, signOrder } from "../../test/support/signedOrders.ts";
import { figure, type Figures } from "./figures.ts";

const MOST_COST = parseEther("3");
const REPAY = parseEther("0.01");

/** Every transaction of a job that one node answers and nobody disputes, in their order. */
interface AnsweredJob {
  readonly request: ContractTransactionResponse;
  readonly claim?: ContractTransactionResponse;
  readonly answer: ContractTransactionResponse;
  readonly settle: ContractTransactionResponse;
}

/** What a job costs that one node answers, move by move and as a whole. */
export async function optimisticFigures(): Promise<Figures> {
  const suite = await auditing();
  // Fills all balances and slots.
  await namedJob(suite);
  const named = await namedJob(suite);
  const open = await openJob(suite);
  const { claim } = open;
  if (claim === undefined) throw new Error("An open job is claimed");
  const whole = "Order, answer, settled when nobody has disputed it";
  return {
    "market.claim": await figure("A node reserves an open job while its price rises.", claim),
    "market.answer": await figure("A named node answers, and its collateral with it.", named.answer),
    "market.answer.claimed": await figure("A node answers that had reserved the job.", open.answer),
    "market.settle.optimistic": await figure("The window is over; by a stranger.", named.settle),
    "lifecycle.optimistic.named": await figure(`${whole}; not the node's first.`, ...transactionsOf(named)),
    "lifecycle.optimistic.open": await figure(
      `${whole}, with a reservation; not the node's first.`,
      ...transactionsOf(open),
    ),
    ...(await signedFigures(suite)),
    ...(await auditFigures(suite)),
  };
}

/** What a job costs that its requester has signed, and others have sent. */
async function signedFigures(suite: Offering): Promise<Figures> {
  const { optimistic, mandates, requester, stranger, first } = suite;
  let nonce = 0n;
  const sign = async () => {
    nonce += 1n;
    const now = await time.latest();
    const order = packOptimisticOrder(namedOrder(suite, { since: now }));
    const bounds = { mostCost: MOST_COST, mostRepay: REPAY, nonce, expiresAt: now + 1_000 };
    return { order, signed: await signOrder(suite, requester, optimistic, order, INPUT_URI, bounds) };
  };
  const relay = async () => {
    const { order, signed } = await sign();
    return optimistic.connect(stranger).requestFor(order, INPUT_URI, signed, REPAY);
  };
  const allow = () => mandates.connect(requester).allow(optimistic, stranger, MOST_COST);
  const spend = () => optimistic.connect(stranger).spend(requester, first.signer, REPAY);

  /** Settles the job before, brings the next one and answers it. */
  const next = async (before?: TestOffer) => {
    const { order, signed } = await sign();
    const settle =
      before && (await optimistic.settle.populateTransaction(before.packed, first.node, HONEST.outputRoot));
    const bring = await optimistic.requestFor.populateTransaction(order, INPUT_URI, signed, REPAY);
    const job = await jobOfOrder(suite, order);
    const answer = await optimistic.answer.populateTransaction(job, first.node, HONEST.outputRoot);
    const calls = [settle, bring, answer].flatMap((call) => (call === undefined ? [] : [call.data]));
    const transaction = await optimistic.connect(first.signer).multicall(calls);
    const offer = TestOffer.from(suite, await transaction.wait());
    await offer.endWindow();
    return { transaction, offer };
  };
  const begun = await next();
  const second = await next(begun.offer);
  const third = await next(second.offer);
  const alone = await next();
  await relay();
  await allow();
  await spend();
  return {
    "market.requestFor": await figure("A relayer brings an order of a named node and is repaid.", await relay()),
    "market.spend": await figure("A spender moves a part of a balance to another one, within its cap.", await spend()),
    "mandates.allow": await figure("A new cap in place of another one.", await allow()),
    "lifecycle.optimistic.signed": await figure(
      "Signed order, answer, settled when nobody has disputed it: its node settles a job, brings the next one, is repaid for that, and answers it in one transaction.",
      third.transaction,
    ),
    "lifecycle.optimistic.signed.apart": await figure(
      "The same, in which the node brings, is repaid and answers in one transaction and a stranger settles in another.",
      alone.transaction,
      await alone.offer.settle(),
    ),
  };
}

/** What a job costs that may be audited, where it is. */
async function auditFigures(suite: Offering): Promise<Figures> {
  await auditedJob(suite);
  const { sealing, audit, settling, all } = await auditedJob(suite);
  return {
    "roster.enrol": await figure(
      "A node's weight for a version for which others are enrolled already.",
      await suite.roster.connect(suite.first.signer).enrol(suite.first.node, suite.version, 1n),
    ),
    "market.seal": await figure(
      "A named node seals its answer to a job that may be audited; opens the round.",
      sealing,
    ),
    "market.sealAudit": await figure("The drawn auditor seals, in the second step.", audit),
    "market.settle.audited": await figure("Both stand and are equal; by a stranger.", settling),
    "lifecycle.optimistic.audited": await figure(
      "Order of a named node, both seals, both reveals, settled when nobody has disputed them; not their first.",
      ...all,
    ),
  };
}

async function auditedJob(suite: Offering) {
  const { optimistic, requester, first, second } = suite;
  const order = packOptimisticOrder(namedOrder(suite, { auditBps: 10_000 }));
  const request = await optimistic.connect(requester).request(order, INPUT_URI);
  const offer = AuditedOffer.of(TestOffer.from(suite, await request.wait()));
  const sealing = await offer.seal(first, HONEST.outputRoot);
  await offer.openSeat();
  const audit = await offer.sealAudit(second, HONEST.outputRoot);
  await offer.endSealing();
  const reveals = [await offer.reveal(first), await offer.reveal(second)];
  await offer.endWindow();
  const settling = await offer.settle(second);
  return { sealing, audit, settling, all: [request, sealing, audit, ...reveals, settling] };
}

const transactionsOf = ({ request, claim, answer, settle }: AnsweredJob) =>
  [request, claim, answer, settle].flatMap((transaction) => (transaction === undefined ? [] : [transaction]));

async function namedJob(suite: Offering): Promise<AnsweredJob> {
  const { optimistic, requester, first } = suite;
  const request = await optimistic.connect(requester).request(packOptimisticOrder(namedOrder(suite)), INPUT_URI);
  const job = TestOffer.from(suite, await request.wait());
  const answer = await job.answer(first);
  await job.endWindow();
  return { request, answer, settle: await job.settle() };
}

async function openJob(suite: Offering): Promise<AnsweredJob> {
  const { optimistic, requester, first } = suite;
  const request = await optimistic.connect(requester).request(packOptimisticOrder(openOrder(suite)), INPUT_URI);
  const job = TestOffer.from(suite, await request.wait());
  const claim = await job.reserve(first);
  const answer = await job.answer(first);
  await job.endWindow();
  return { request, claim, answer, settle: await job.settle() };
}
