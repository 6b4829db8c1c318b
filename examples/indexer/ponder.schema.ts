import { index, onchainTable } from "ponder";

/** Every log of the deployment, as the chain has it: what it means is read where it is shown. */
export const log = onchainTable(
  "log",
  (t) => ({
    id: t.text().primaryKey(),
    address: t.hex().notNull(),
    /** As JSON. */
    topics: t.text().notNull(),
    data: t.hex().notNull(),
    blockNumber: t.integer().notNull(),
    blockHash: t.hex().notNull(),
    transactionHash: t.hex().notNull(),
    logIndex: t.integer().notNull(),
    /** Unix seconds. */
    timestamp: t.integer().notNull(),
  }),
  (table) => ({ place: index().on(table.blockNumber, table.logIndex) }),
);

/** The last block of which every log is in the table; one row. */
export const head = onchainTable("head", (t) => ({
  id: t.integer().primaryKey(),
  number: t.integer().notNull(),
  hash: t.hex().notNull(),
}));
