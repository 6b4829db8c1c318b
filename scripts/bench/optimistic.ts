import type { ContractTransactionResponse } from "ethers";

import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { INPUT_URI } from "../../test/support/jobs.ts";
import { namedOrder, offering, openOrder, TestOffer, type Offering } from "../../test/support/optimistic.ts";
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
  const suite = await offering();
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
  };
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
