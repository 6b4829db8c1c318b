import { realMarket, realOffers, type Target } from "../../test/support/consuming.ts";
import { figure, type Figures } from "./figures.ts";

const INPUT =
  "The second order of a contract that inherits InferenceConsumer; an input of four bytes in place, sent by an account.";
const RESULT = "Delivered to that contract, which emits it.";

/** What it costs a contract to order, and whoever delivers to hand the result over. */
export async function consumerFigures(): Promise<Figures> {
  const several = await twice(await realMarket());
  const one = await twice(await realOffers());
  return {
    "consumer.request": await figure(`${INPUT} Several nodes.`, several.request),
    "consumer.request.optimistic": await figure(`${INPUT} One node.`, one.request),
    "consumer.deliver": await figure(`${RESULT} Several nodes.`, several.deliver),
    "consumer.deliver.optimistic": await figure(`${RESULT} One node.`, one.deliver),
  };
}

/** The first order of a contract fills slots that it uses again. */
async function twice(target: Target) {
  await target.order();
  const request = await target.order();
  return { request, deliver: await target.fulfil(request) };
}
