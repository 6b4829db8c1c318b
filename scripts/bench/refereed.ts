import type { ContractTransactionResponse } from "ethers";

import type { Served } from "../../test/support/fixtures.ts";
import { each } from "../../test/support/jobs.ts";
import { time } from "../../test/support/network.ts";
import {
  FACTOR,
  HONEST,
  LYING,
  refereedByThree,
  refute,
  requestDisputable,
  WINDOW,
  windowEndOf,
} from "../../test/support/refereed.ts";
import { figure, nth, type Figures } from "./figures.ts";
import { type AgreedJob, order, transactionsOf } from "./jobs.ts";

/** What jobs cost whose answers can be disputed. */
export async function refereedFigures(): Promise<Figures> {
  const suite = await refereedByThree();
  await agreedJob(suite);
  const agreed = await agreedJob(suite);
  await settledLie(suite);
  const lie = await settledLie(suite);
  const whole = "Order, seals, reveals, settled after the window; exactly t nodes sit, none for the first time.";
  return {
    "market.settle.refereed.t3": await figure("All agree; by a stranger, after the window.", agreed.end),
    "market.settle.refereed.lie": await figure("One of two has lied, and one challenger has proven it.", lie),
    "lifecycle.refereed.t3": await figure(whole, ...transactionsOf(agreed)),
  };
}

async function agreedJob(suite: Served): Promise<AgreedJob> {
  const terms = { quorum: 3, windowPeriod: WINDOW, collateralFactor: FACTOR, inputRoot: HONEST.inputRoot };
  const { request, job } = await order(suite, terms);
  const commits = [];
  for (const node of suite.nodes) commits.push(await job.commit(node));
  await job.endSealing();
  const reveals = [];
  for (const node of suite.nodes) reveals.push(await job.reveal(node));
  await time.increaseTo(await windowEndOf(job));
  return { request, commits, reveals, end: await job.settle(suite.nodes) };
}

async function settledLie(suite: Served): Promise<ContractTransactionResponse> {
  const seats = suite.nodes.slice(0, 2);
  const job = await (await requestDisputable(suite)).open();
  await job.answer(each(seats, [LYING.outputRoot, HONEST.outputRoot]));
  await refute(job, { liar: nth(seats, 0), outputRoot: LYING.outputRoot }, [suite.stranger]);
  await time.increaseTo(await windowEndOf(job));
  return job.settle(seats);
}
