/** Events of a chain whose nodes answer for so many blocks at a time only. */
import type { Interface, LogDescription } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

/** What public nodes commonly allow; halved where one allows less. */
const MOST_BLOCKS = 10_000;

/** All events of a contract from a block to another, oldest first. */
export async function eventsOf(
  connection: NetworkConnection,
  { address, abi }: { readonly address: string; readonly abi: Interface },
  from: number,
  to: number,
  range = MOST_BLOCKS,
): Promise<LogDescription[]> {
  const found: LogDescription[] = [];
  for (let start = from; start <= to; start += range) {
    const end = Math.min(start + range - 1, to);
    found.push(...(await eventsWithin(connection, { address, abi }, start, end)));
  }
  return found;
}

async function eventsWithin(
  connection: NetworkConnection,
  contract: { readonly address: string; readonly abi: Interface },
  from: number,
  to: number,
): Promise<LogDescription[]> {
  try {
    const logs = await connection.ethers.provider.getLogs({ address: contract.address, fromBlock: from, toBlock: to });
    return logs.flatMap((log) => contract.abi.parseLog(log) ?? []);
  } catch (error) {
    // Nodes have many words for "too many blocks": one that refuses a single block means something else.
    if (from === to) throw error;
    return eventsOf(connection, contract, from, to, Math.ceil((to - from + 1) / 2));
  }
}
