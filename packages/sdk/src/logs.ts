import type { Log } from "ethers";

import type { Addresses } from "./addresses.ts";
import type { Client } from "./client.ts";
import { type EventName, type EventNamed, parseLog, topicsOf } from "./events.ts";

/** Which logs: of one contract, by topics as `eth_getLogs` takes them. */
export interface LogQuery {
  readonly contract: keyof Addresses;
  readonly topics: readonly (string | readonly string[] | null)[];
}

/** Events of these names, by their indexed arguments in order; null stands for any, a list for any of it. */
export function logQuery(
  contract: keyof Addresses,
  names: readonly EventName[],
  ...indexed: readonly (string | readonly string[] | null)[]
): LogQuery {
  return { contract, topics: [topicsOf(names), ...indexed] };
}

/** All logs since a block, oldest first, in requests of at most `logRange` blocks. */
export async function findLogs(client: Client, query: LogQuery, fromBlock: number): Promise<Log[]> {
  const latest = await client.provider.getBlockNumber();
  const logs: Log[] = [];
  for (let from = fromBlock; from <= latest; from += client.logRange) {
    logs.push(...(await readLogs(client, query, from, Math.min(latest, from + client.logRange - 1))));
  }
  return logs;
}

/** All events of a name since a block, by their indexed arguments in order, oldest first. */
export async function findEvents<Name extends EventName>(
  client: Client,
  contract: keyof Addresses,
  name: Name,
  indexed: readonly (string | readonly string[] | null)[],
  fromBlock: number,
): Promise<readonly EventNamed<Name>[]> {
  const logs = await findLogs(client, logQuery(contract, [name], ...indexed), fromBlock);
  // The topics have let nothing else through.
  return logs.flatMap((log) => (parseLog(client.addresses, log) as EventNamed<Name> | undefined) ?? []);
}

/** The newest event of a name since a block, by its indexed arguments in order; undefined if there is none. */
export async function findLastEvent<Name extends EventName>(
  client: Client,
  contract: keyof Addresses,
  name: Name,
  indexed: readonly (string | readonly string[] | null)[],
  fromBlock: number,
): Promise<EventNamed<Name> | undefined> {
  const log = await findLastLog(client, logQuery(contract, [name], ...indexed), fromBlock);
  // The topics have let nothing else through.
  return log && (parseLog(client.addresses, log) as EventNamed<Name> | undefined);
}

/** The oldest log since a block, searched in requests of at most `logRange` blocks. */
export async function findFirstLog(client: Client, query: LogQuery, fromBlock: number): Promise<Log | undefined> {
  const latest = await client.provider.getBlockNumber();
  for (let from = fromBlock; from <= latest; from += client.logRange) {
    const [first] = await readLogs(client, query, from, Math.min(latest, from + client.logRange - 1));
    if (first !== undefined) return first;
  }
  return undefined;
}

/** The newest log that there is, searched backwards in requests of at most `logRange` blocks. */
export async function findLastLog(client: Client, query: LogQuery, fromBlock: number): Promise<Log | undefined> {
  for (let to = await client.provider.getBlockNumber(); to >= fromBlock; to -= client.logRange) {
    const last = (await readLogs(client, query, Math.max(fromBlock, to - client.logRange + 1), to)).at(-1);
    if (last !== undefined) return last;
  }
  return undefined;
}

function readLogs(client: Client, query: LogQuery, fromBlock: number, toBlock: number): Promise<Log[]> {
  const address = client.addresses[query.contract];
  const topics = query.topics.map((topic) => (topic === null || typeof topic === "string" ? topic : [...topic]));
  return client.provider.getLogs({ address, topics, fromBlock, toBlock });
}
