import { realMarket, realOffers, type Target } from "../../test/support/consuming.ts";
import { figure, type Figures } from "./figures.ts";

const INPUT =
  "The second order of a contract that inherits InferenceConsumer; an input of four bytes in place, sent by an account.";
const RESULT = "Delivered to that contract, which emits it.";

/** What it costs a contract to order, and whoever delivers to hand the result over. */
export async function consumerFigures(): Promise<Figures> {
  const several = await twice(await realMarket(), "Several nodes.");
  const one = await twice(await realOffers(), "One node."); // brings the chain back to where it began
  return {
    "consumer.request": several.request,
    "consumer.request.optimistic": one.request,
    "consumer.deliver": several.deliver,
    "consumer.deliver.optimistic": one.deliver,
  };
}

/** The first order of a contract fills slots that it uses again. */
async function twice(target: Target, market: string) {
  await target.order();
  const order = await target.order();
  return {
    request: await figure(`${INPUT} ${market}`, order),
    deliver: await figure(`${RESULT} ${market}`, await target.fulfil(order)),
  };
}
