import { ponder } from "ponder:registry";
import { head, log } from "ponder:schema";
import type { Abi, Hex } from "viem";

import { ABIS, CONTRACT_NAMES } from "../contracts.ts";

/** What Ponder says of a log, whichever it is. */
interface LogEvent {
  readonly id: string;
  readonly log: {
    readonly address: Hex;
    readonly topics: readonly Hex[];
    readonly data: Hex;
    readonly logIndex: number;
  };
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint };
  readonly transaction: { readonly hash: Hex };
}

type EventHandler = Parameters<typeof ponder.on>[1];
type EventSource = Parameters<typeof ponder.on>[0];

const eventsOf = (abi: Abi): readonly string[] => abi.flatMap((item) => (item.type === "event" ? [item.name] : []));

for (const contract of CONTRACT_NAMES) {
  for (const name of eventsOf(ABIS[contract])) {
    // Ponder types each event by its name; all of them have what a log has.
    ponder.on(`${contract}:${name}` as EventSource, keep as unknown as EventHandler);
  }
}

async function keep({ event, context }: { event: LogEvent; context: { db: DatabaseOf } }): Promise<void> {
  const { log: logged, block, transaction } = event;
  await context.db.insert(log).values({
    id: event.id,
    address: logged.address,
    topics: JSON.stringify(logged.topics.filter((topic) => topic != null)),
    data: logged.data,
    blockNumber: Number(block.number),
    blockHash: block.hash,
    transactionHash: transaction.hash,
    logIndex: logged.logIndex,
    timestamp: Number(block.timestamp),
  });
}

interface DatabaseOf {
  insert(table: typeof log): { values(row: typeof log.$inferInsert): Promise<unknown> };
}

// Logs of this block may come after it; those of its parent are all there.
ponder.on("head:block", async ({ event, context }) => {
  const { number, parentHash } = event.block;
  if (number === 0n) return;
  const row = { number: Number(number) - 1, hash: parentHash };
  await context.db
    .insert(head)
    .values({ id: 0, ...row })
    .onConflictDoUpdate(row);
});
