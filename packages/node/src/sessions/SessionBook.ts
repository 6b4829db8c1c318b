import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

import {
  decodePayload,
  encodePayload,
  type PackedSession,
  type SignedReceipt,
  type SignedVoucher,
  type Tensor,
} from "@opg-protocol/sdk";
import { concat, getBytes, hexlify, toBeHex } from "ethers";

/** How far the node has come with a session. */
export interface BookedSession {
  readonly sessionId: string;
  /** What the book calls it. */
  readonly number: number;
  readonly session: PackedSession;
  /** Whether the chain has it, as far as the node has heard. */
  readonly isOpened: boolean;
  /** Number of the next call. */
  readonly next: bigint;
  /** What its receipts have cost in all, OPG base units. */
  readonly earned: bigint;
  /** The best voucher that there is. */
  readonly voucher: SignedVoucher | undefined;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (number INTEGER PRIMARY KEY, session_id TEXT NOT NULL UNIQUE, packed TEXT NOT NULL,
    consented_at INTEGER NOT NULL, next TEXT NOT NULL DEFAULT '1', earned TEXT NOT NULL DEFAULT '0', voucher TEXT,
    opened INTEGER NOT NULL DEFAULT 0, over INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS unopened ON sessions (consented_at) WHERE opened = 0;
  CREATE INDEX IF NOT EXISTS live_sessions ON sessions (number) WHERE over = 0;
  CREATE INDEX IF NOT EXISTS ended_sessions ON sessions (number) WHERE over = 1;
  CREATE TABLE IF NOT EXISTS receipts (session INTEGER NOT NULL, sequence INTEGER NOT NULL, input_root BLOB NOT NULL,
    output_root BLOB NOT NULL, price TEXT NOT NULL, issued_at INTEGER NOT NULL, signature BLOB NOT NULL,
    earned BLOB NOT NULL, PRIMARY KEY (session, sequence)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS receipts_by_earned ON receipts (session, earned);
  CREATE TABLE IF NOT EXISTS payloads (root BLOB PRIMARY KEY, payload BLOB NOT NULL, kept_until INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS payloads_by_time ON payloads (kept_until);
`;

/** Rows that one pruning takes away at most of each kind, so that calls do not wait for it. */
export const MOST_PRUNED = 1_000;
const WORD = 32;
/** Of all that vouchers of a session can claim, and a little more. */
const AMOUNT_BYTES = 16;

/** A call that the node has answered. */
export interface ServedCall {
  readonly receipt: SignedReceipt;
  /** What pays for it. */
  readonly voucher: SignedVoucher;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** From then on nobody can dispute it, unix seconds. */
  readonly disputableUntil: number;
}

/** What a call has come to, as it is given again to who asks for it again. */
export interface KeptCall {
  readonly receipt: SignedReceipt;
  /** Undefined once nobody can dispute it. */
  readonly outputs: readonly Tensor[] | undefined;
}

/** What is written together, so that a disk that takes a moment takes it once. */
interface Entry {
  readonly write: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What the node has promised in sessions, on disk before anybody is told. Writes that come at the same time become durable
 * together. A receipt, once here, is the only one that its call ever gets.
 */
export class SessionBook {
  private waiting: Entry[] = [];
  private readonly statements = new Map<string, StatementSync>();

  private constructor(private readonly db: DatabaseSync) {}

  /** Opens the book of a node, or makes it. One process at a time holds it, as it does the journal beside it. */
  static open(path: string): SessionBook {
    const db = new DatabaseSync(path);
    db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    addEarned(db);
    db.exec(SCHEMA);
    return new SessionBook(db);
  }

  /** Sessions that are not over, those included that nobody has opened yet. */
  live(): BookedSession[] {
    return this.all("SELECT * FROM sessions WHERE over = 0").map(toSession);
  }

  find(sessionId: string): BookedSession | undefined {
    return this.all("SELECT * FROM sessions WHERE session_id = ? AND over = 0", sessionId).map(toSession)[0];
  }

  /**
   * Notes a session that the node is about to consent to, or to consent to once more. Durable when the promise resolves.
   * @param time Now, unix seconds.
   */
  consent(sessionId: string, session: PackedSession, time: number): Promise<void> {
    return this.durably(() => {
      const sql =
        "INSERT INTO sessions (session_id, packed, consented_at) VALUES (?, ?, ?) " +
        "ON CONFLICT (session_id) DO UPDATE SET consented_at = excluded.consented_at";
      this.run(sql, sessionId, JSON.stringify(session), time);
    });
  }

  /** How many sessions the node has consented to that nobody has opened, and that are not forgotten. */
  get unopened(): number {
    const [row] = this.all("SELECT count(*) AS count FROM sessions WHERE opened = 0");
    return Number(row?.count);
  }

  /** The chain has it. */
  opened(sessionId: string): void {
    this.run("UPDATE sessions SET opened = 1 WHERE session_id = ?", sessionId);
  }

  /** Forgets consents from before `time` (unix seconds) of which the chain has never heard. */
  forgetUnopened(time: number): void {
    this.run("DELETE FROM sessions WHERE opened = 0 AND consented_at < ?", time);
  }

  /** The receipt of a call. */
  receipt(sessionId: string, sequence: bigint): SignedReceipt | undefined {
    const [row] = this.all(
      "SELECT r.*, s.session_id, s.packed FROM sessions s JOIN receipts r ON r.session = s.number " +
        "WHERE s.session_id = ? AND r.sequence = ?",
      sessionId,
      sequence,
    );
    return row && toReceipt(row);
  }

  /** When the first call was answered with which a session has cost more than this, unix seconds; undefined if none was. */
  owedSince({ number }: BookedSession, paid: bigint): number | undefined {
    const sql = "SELECT issued_at FROM receipts WHERE session = ? AND earned > ? ORDER BY earned, sequence LIMIT 1";
    const [row] = this.all(sql, number, sortable(paid));
    return row && Number(row.issued_at);
  }

  /** A call with what it gave. */
  async call(sessionId: string, sequence: bigint): Promise<KeptCall | undefined> {
    const receipt = this.receipt(sessionId, sequence);
    return receipt && { receipt, outputs: await this.tensors(receipt.outputRoot) };
  }

  /**
   * Keeps what a call has come to: its receipt, the voucher that pays for it, and what a dispute about it would need. Durable
   * when the promise resolves.
   */
  async put(before: BookedSession, call: ServedCall): Promise<BookedSession> {
    const { receipt, voucher } = call;
    const best = before.voucher !== undefined && before.voucher.amount > voucher.amount ? before.voucher : voucher;
    const earned = before.earned + receipt.price;
    const after: BookedSession = { ...before, next: receipt.sequence + 1n, earned, voucher: best };
    await this.durably(() => {
      this.write(after, call);
    });
    return after;
  }

  /** The encoded payload that has this root, if it is here. */
  get(root: string): Promise<Uint8Array | undefined> {
    const [row] = this.all("SELECT payload FROM payloads WHERE root = ?", getBytes(root));
    return Promise.resolve(row && (row.payload as Uint8Array));
  }

  async tensors(root: string): Promise<Tensor[] | undefined> {
    const bytes = await this.get(root);
    return bytes && decodePayload(bytes);
  }

  /**
   * Forgets some of what nobody can ask about any more: inputs and outputs that could be disputed until before `time` (unix
   * seconds), and receipts of sessions that are over.
   * @returns whether there may be more of it.
   */
  prune(time: number): boolean {
    const payloads = "DELETE FROM payloads WHERE root IN (SELECT root FROM payloads WHERE kept_until < ? LIMIT ?)";
    const isFull = this.run(payloads, time, MOST_PRUNED) === MOST_PRUNED;
    const [ended] = this.all("SELECT number FROM sessions WHERE over = 1 LIMIT 1");
    if (ended === undefined) return isFull;
    const number = Number(ended.number);
    const receipts =
      "DELETE FROM receipts WHERE session = ?1 AND sequence IN " +
      "(SELECT sequence FROM receipts WHERE session = ?1 LIMIT ?2)";
    if (this.run(receipts, number, MOST_PRUNED) < MOST_PRUNED)
      this.run("DELETE FROM sessions WHERE number = ?", number);
    return true;
  }

  /** A session is final: nothing can be asked about it any more. */
  over(sessionId: string): void {
    this.run("UPDATE sessions SET over = 1, voucher = NULL WHERE session_id = ?", sessionId);
  }

  close(): void {
    this.flush();
    this.db.close();
  }

  private write({ number, next, earned, voucher }: BookedSession, call: ServedCall): void {
    const { receipt, inputs, outputs, disputableUntil } = call;
    const [inputRoot, outputRoot] = [getBytes(receipt.inputRoot), getBytes(receipt.outputRoot)];
    const signature = getBytes(concat([receipt.signature.r, receipt.signature.vs]));
    const receipts = "INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    const [price, { issuedAt }, sum] = [receipt.price.toString(), receipt, sortable(earned)];
    this.run(receipts, number, receipt.sequence, inputRoot, outputRoot, price, issuedAt, signature, sum);
    const payloads =
      "INSERT INTO payloads VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET kept_until = max(kept_until, excluded.kept_until)";
    this.run(payloads, inputRoot, encodePayload(inputs), disputableUntil);
    this.run(payloads, outputRoot, encodePayload(outputs), disputableUntil);
    const sessions = "UPDATE sessions SET next = ?, earned = ?, voucher = ? WHERE number = ?";
    this.run(sessions, next.toString(), earned.toString(), voucher ? textOf(voucher) : null, number);
  }

  private durably(write: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ write, resolve, reject });
      if (this.waiting.length === 1) {
        setImmediate(() => {
          this.flush();
        });
      }
    });
  }

  private flush(): void {
    const entries = this.waiting;
    if (entries.length === 0) return;
    this.waiting = [];
    try {
      this.db.exec("BEGIN IMMEDIATE");
      for (const { write } of entries) write();
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.isTransaction) this.db.exec("ROLLBACK");
      for (const { reject } of entries) reject(error);
      return;
    }
    for (const { resolve } of entries) resolve();
  }

  /** How many rows it has changed. */
  private run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...values).changes);
  }

  private all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.statement(sql).all(...values);
  }

  private statement(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.db.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

/** Brings a book up to date that was begun when every call cost the same: what was earned follows from its receipts. */
function addEarned(db: DatabaseSync): void {
  const columns = db.prepare("SELECT name FROM pragma_table_info('sessions')").all();
  if (columns.length === 0 || columns.some(({ name }) => name === "earned")) return;
  db.exec("BEGIN IMMEDIATE");
  db.exec("ALTER TABLE sessions ADD COLUMN earned TEXT NOT NULL DEFAULT '0'");
  db.exec("ALTER TABLE receipts ADD COLUMN earned BLOB NOT NULL DEFAULT x''");
  const setReceipt = db.prepare("UPDATE receipts SET earned = ? WHERE session = ? AND sequence = ?");
  const setSession = db.prepare("UPDATE sessions SET earned = ? WHERE number = ?");
  const sums = new Map<SQLInputValue, bigint>();
  for (const { session = null, sequence = null, price } of db
    .prepare("SELECT session, sequence, price FROM receipts ORDER BY session, sequence")
    .all()) {
    const sum = (sums.get(session) ?? 0n) + BigInt(String(price));
    sums.set(session, sum);
    setReceipt.run(sortable(sum), session, sequence);
  }
  for (const [session, sum] of sums) setSession.run(sum.toString(), session);
  db.exec("COMMIT");
}

function toReceipt(row: Record<string, unknown>): SignedReceipt {
  const { versionId } = JSON.parse(String(row.packed)) as PackedSession;
  const signature = row.signature as Uint8Array;
  return {
    sessionId: String(row.session_id),
    sequence: BigInt(row.sequence as number),
    versionId,
    inputRoot: hexlify(row.input_root as Uint8Array),
    outputRoot: hexlify(row.output_root as Uint8Array),
    price: BigInt(String(row.price)),
    issuedAt: Number(row.issued_at),
    signature: { r: hexlify(signature.subarray(0, WORD)), vs: hexlify(signature.subarray(WORD)) },
  };
}

function toSession(row: Record<string, unknown>): BookedSession {
  return {
    sessionId: String(row.session_id),
    number: Number(row.number),
    session: JSON.parse(String(row.packed)) as PackedSession,
    isOpened: row.opened === 1,
    next: BigInt(String(row.next)),
    earned: BigInt(String(row.earned)),
    voucher: typeof row.voucher === "string" ? voucherOf(row.voucher) : undefined,
  };
}

/** An amount as bytes that sort as it does: it has more bits than SQLite's integers. */
const sortable = (amount: bigint): Uint8Array => getBytes(toBeHex(amount, AMOUNT_BYTES));

const textOf = ({ amount, ...rest }: SignedVoucher): string => JSON.stringify({ ...rest, amount: amount.toString() });

function voucherOf(text: string): SignedVoucher {
  const { amount, ...rest } = JSON.parse(text) as Omit<SignedVoucher, "amount"> & { readonly amount: string };
  return { ...rest, amount: BigInt(amount) };
}
