import type { Client } from "../../client.ts";
import { explained } from "../../errors/ProtocolError.ts";
import type { ServingParameters } from "./serveVersion.ts";

/** What a node serves of a version. Amounts in base units of OPG. */
export interface Serving {
  /** Weighs in draws; zero if the node serves no longer. */
  readonly weight: bigint;
  /** The most that answers. */
  readonly maxLock: bigint;
  /** What running seats hold of it. */
  readonly used: bigint;
  /** Waits for `claimEarnings`. */
  readonly earned: bigint;
  /** End of the lock, unix seconds. */
  readonly endsAt: number;
}

/** What a node serves of a version. */
export async function getServing({ market }: Client, { node, versionId }: ServingParameters): Promise<Serving> {
  const { weight, maxLock, used, earned, endsAt } = await explained(market.servingOf(node, versionId));
  return { weight, maxLock, used, earned, endsAt: Number(endsAt) };
}
