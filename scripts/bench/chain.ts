import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { OUTPUT_ROOT, PAYLOAD } from "../../test/support/callbacks.ts";
import { agreed, answered, chaining, planOfOne, planOfSeveral, TestLink } from "../../test/support/links.ts";
import { namedOrder } from "../../test/support/optimistic.ts";
import { figure, type Figures, overhead } from "./figures.ts";

/** What it costs to let an order wait for an output, and what following that costs above the order. */
export async function chainFigures(): Promise<Figures> {
  const suite = await chaining();
  const { optimistic, requester } = suite;
  // Fills the slots that a first order and a first reward fill, in both markets.
  const [one, several] = [await answered(suite), await agreed(suite)];
  await (await TestLink.create(suite, await planOfOne(suite, "optimistic", one.jobId))).follow(one.output);
  await (await TestLink.create(suite, await planOfSeveral(suite, "market", several.jobId))).follow(several.output);

  const link = await TestLink.of(suite, await planOfOne(suite, "optimistic", one.jobId));
  const create = await figure("A link of an order for a named node.", await link.createAs(requester));
  const note = "By a follower who has earned before, with an output of one tensor; with the order.";
  const followed = await figure(`${note} One node after one.`, await link.follow(one.output));
  const drawn = await TestLink.create(suite, await planOfSeveral(suite, "market", several.jobId));
  const replicated = await figure(`${note} Several nodes after several.`, await drawn.follow(several.output));
  const order = packOptimisticOrder(namedOrder(suite, { inputRoot: OUTPUT_ROOT }));
  const direct = await figure("", await optimistic.connect(requester).request(order, PAYLOAD));
  return {
    "chain.create": create,
    "chain.next": followed,
    "chain.next.replicated": replicated,
    "chain.follow": overhead("What that costs above the same order by its requester.", followed, direct),
  };
}
