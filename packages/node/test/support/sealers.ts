import { type RequestedJob, unpackJob } from "@opg-protocol/sdk";

import type { TestNetwork } from "./network.ts";

/** Who has sent seals since an order, each as often as the chain has one of it, taken or refused: one that is late is refused. */
export async function sealersSince({ client, provider }: TestNetwork, { packed }: RequestedJob): Promise<string[]> {
  const sealers: string[] = [];
  const head = await provider.getBlockNumber();
  for (let number = unpackJob(packed).requestBlock; number <= head; number += 1) {
    const block = await provider.getBlock(number, true);
    for (const { from, data } of block?.prefetchedTransactions ?? []) {
      if (client.market.interface.parseTransaction({ data })?.name === "commit") sealers.push(from);
    }
  }
  return sealers;
}
