import { type Client, getOptimisticRules, getRules } from "@opg-protocol/sdk";

import { useRead, type Read } from "../network/useRead.ts";
import type { OrderLimits } from "./choice.ts";

/** The bounds that the deployment has for orders. */
export const useOrderLimits = (): Read<OrderLimits> => useRead(["order limits"], readLimits, { once: true });

async function readLimits(client: Client): Promise<OrderLimits> {
  const [{ rules }, alone, leastSeal, leastWindow, mostInput] = await Promise.all([
    getRules(client),
    getOptimisticRules(client),
    client.policy.LEAST_SEAL_PERIOD(),
    client.disputes.LEAST_WINDOW_PERIOD(),
    client.market.MOST_INPUT_BYTES(),
  ]);
  return {
    leastSealPeriod: Number(leastSeal),
    maxSealPeriod: Number(rules.maxSealPeriod),
    leastWindowPeriod: Number(leastWindow),
    maxAnswerPeriod: Number(alone.rules.maxAnswerPeriod),
    mostInputBytes: Number(mostInput),
  };
}
