import type { BlockTag } from "ethers";

import type { Client } from "./client.ts";
import { NoBlockError } from "./errors/faults.ts";

/**
 * Time of a block, by default of the latest one: what the chain takes for now. Unix seconds.
 * @throws NoBlockError if the provider does not give the block.
 */
export async function chainTime({ provider }: Pick<Client, "provider">, block: BlockTag = "latest"): Promise<number> {
  const found = await provider.getBlock(block);
  if (found === null) throw new NoBlockError(block);
  return found.timestamp;
}
