import { type Client, type Cursor, parseLog, readLog } from "@opg-protocol/sdk";
import { z } from "zod/mini";

import { BadHistoryError, ordered } from "./batches.ts";
import type { TimedEvent } from "./EventIndex.ts";
import type { HistoryChange } from "./EventStore.ts";

/** Rows of one answer. */
const LIMIT = 1_000;
/** Milliseconds for one answer. */
const PATIENCE = 20_000;

const wholeNumber = z.int().check(z.nonnegative());
const page = z.object({
  logs: z.array(z.looseObject({ timestamp: wholeNumber, blockNumber: wholeNumber, logIndex: wholeNumber })),
  head: z.object({ number: wholeNumber, hash: z.string() }),
});
type Page = z.infer<typeof page>;
type Row = Page["logs"][number];

/** What is asked of an indexer. */
export interface IndexerQuery {
  /** The first block. */
  readonly from: number;
  /** Where the page stands. */
  readonly cursor: Cursor;
  readonly signal: AbortSignal;
}

/**
 * The events of a deployment as an indexer has them, through the same functions as those of an RPC. Where it ends must be a
 * block that the RPC has: from there on the RPC tells.
 * @throws BadHistoryError, BadLogError, or what `fetch` throws.
 */
export async function readIndexer(client: Client, url: string, query: IndexerQuery): Promise<HistoryChange> {
  const events: TimedEvent[] = [];
  let from = query.from;
  for (;;) {
    const { logs, head } = await readPage(client, url, from, query.signal);
    // A full page can end within a block: that one is asked for again.
    const last = logs.length < LIMIT ? undefined : logs.at(-1)?.blockNumber;
    const whole = last === undefined ? logs : logs.filter(({ blockNumber }) => blockNumber !== last);
    events.push(...whole.flatMap((row) => eventOf(client, row)));
    if (last === undefined) return changeOf(client, query, events, head);
    if (last === from) throw new BadHistoryError(`The indexer has more than ${LIMIT} logs of block ${last}.`);
    from = last;
  }
}

async function readPage({ chainId }: Client, url: string, from: number, signal: AbortSignal): Promise<Page> {
  const address = `${url.replace(/\/$/, "")}/logs?chainId=${chainId}&from=${from}&limit=${LIMIT}`;
  const response = await fetch(address, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (!response.ok) throw new BadHistoryError(`The indexer answers with status ${response.status}.`);
  const answer = page.parse(await response.json());
  for (const { blockNumber } of answer.logs) {
    if (blockNumber >= from && blockNumber <= answer.head.number) continue;
    throw new BadHistoryError(`The indexer gives a log of block ${blockNumber}, which it was not asked for.`);
  }
  return answer;
}

/** What a row says; nothing where it is of another contract. */
function eventOf({ addresses }: Client, row: Row): readonly TimedEvent[] {
  const event = parseLog(addresses, readLog(row));
  return event === undefined ? [] : [{ ...event, timestamp: row.timestamp }];
}

async function changeOf(
  { provider }: Client,
  { from, cursor }: IndexerQuery,
  events: readonly TimedEvent[],
  { number, hash }: Page["head"],
): Promise<HistoryChange> {
  if (number < from) throw new BadHistoryError(`The indexer ends with block ${number}, before what was asked for.`);
  if ((await provider.getBlock(number))?.hash !== hash) {
    throw new BadHistoryError(`The indexer ends with a block ${number} that the RPC does not have.`);
  }
  const end = { blockNumber: number, blockHash: hash };
  return { rewoundTo: undefined, events: ordered(events), cursor: [...cursor, end], indexedTo: number };
}
