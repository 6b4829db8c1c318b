import type { ContractTransactionResponse } from "ethers";

import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { AuditedOffer, auditing } from "../../test/support/audits.ts";
import { INPUT_URI } from "../../test/support/jobs.ts";
import { HONEST, namedOrder, openOrder, TestOffer, type Offering } from "../../test/support/optimistic.ts";
import { figure, type Figures } from "./figures.ts";

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
    ...(await auditFigures(suite)),
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
