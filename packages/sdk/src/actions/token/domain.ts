import type { TypedDataDomain } from "ethers";

import { chainTime } from "../../chainTime.ts";
import type { Client } from "../../client.ts";

const HOUR = 3_600;

/** The EIP-712 domain of OPG. */
export function tokenDomain({ chainId, addresses }: Client): TypedDataDomain {
  return { name: "OPG", version: "1", chainId, verifyingContract: addresses.token };
}

/** An hour after the latest block, by the clock of the chain, unix seconds. */
export async function inAnHour(client: Client): Promise<number> {
  return (await chainTime(client)) + HOUR;
}
