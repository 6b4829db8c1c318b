import type { ContractTransactionResponse } from "ethers";

import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { INPUT_URI } from "../../test/support/jobs.ts";
import { namedOrder } from "../../test/support/optimistic.ts";
import { planOf, planOfDraws, schedulingDraws, scheduling, TestSchedule } from "../../test/support/schedules.ts";
import { figure, type Figures, overhead } from "./figures.ts";

/** What it costs to schedule an order, and what a run costs above the order. */
export async function schedulerFigures(): Promise<Figures> {
  const draws = await schedulingDraws();
  const { run: drawn } = await runs(await TestSchedule.of(draws, await planOfDraws(draws)));
  const run = "The second run of a schedule, by a keeper who has earned before; with the order.";
  const several = await figure(`${run} Several nodes.`, drawn);

  const suite = await scheduling();
  const { optimistic, requester } = suite;
  const { create, run: named } = await runs(await TestSchedule.of(suite, await planOf(suite)));
  // Fills the slots that a first order fills, as the schedule's first run has.
  const order = () => optimistic.connect(requester).request(packOptimisticOrder(namedOrder(suite)), INPUT_URI);
  await order();
  const direct = await figure("", await order());
  const trigger = await figure(`${run} One node.`, named);
  return {
    "scheduler.create": await figure("A schedule of an order for a named node, with a URI as input.", create),
    "scheduler.run": trigger,
    "scheduler.run.replicated": several,
    "scheduler.trigger": overhead("What that costs above the same order without a schedule.", trigger, direct),
  };
}

/** Creates a schedule and runs it twice. */
async function runs(
  schedule: TestSchedule,
): Promise<{ readonly create: ContractTransactionResponse; readonly run: ContractTransactionResponse }> {
  const create = await schedule.createAs(schedule.suite.requester);
  await (await schedule.at(0)).trigger();
  return { create, run: await (await schedule.at(1)).trigger() };
}
