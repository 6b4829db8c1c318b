import { DatabaseSync, type SQLInputValue } from "node:sqlite";

import {
  decodePayload,
  encodePayload,
  type PackedSession,
  type SignedReceipt,
  type SignedVoucher,
  type Tensor,
} from "@opg-protocol/sdk";
import { readReceiptText, writeReceipt } from "@opg-protocol/sdk/session";

/** How far the node has come with a session. */
export interface BookedSession {
  readonly sessionId: string;
  readonly session: PackedSession;
  /** Number of the next call. */
  readonly next: bigint;
  /** OPG that its receipts have cost, base units. */
  readonly earned: bigint;
  /** The best voucher that there is. */
  readonly voucher: SignedVoucher | undefined;
  /** When value that is not redeemed first came, unix milliseconds; 0 if there is none. */
  readonly owedSince: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (session_id TEXT PRIMARY KEY, packed TEXT NOT NULL, consented_at INTEGER NOT NULL,
    next TEXT NOT NULL DEFAULT '1', earned TEXT NOT NULL DEFAULT '0', voucher TEXT, owed_since INTEGER NOT NULL DEFAULT 0,
    opened INTEGER NOT NULL DEFAULT 0, over INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS live_sessions ON sessions (session_id) WHERE over = 0;
  CREATE TABLE IF NOT EXISTS receipts (session_id TEXT NOT NULL, sequence INTEGER NOT NULL, receipt TEXT NOT NULL,
    issued_at INTEGER NOT NULL, input_root TEXT NOT NULL, input BLOB, output_root TEXT NOT NULL, output BLOB,
    PRIMARY KEY (session_id, sequence));
  CREATE INDEX IF NOT EXISTS inputs ON receipts (input_root) WHERE input IS NOT NULL;
  CREATE INDEX IF NOT EXISTS outputs ON receipts (output_root) WHERE output IS NOT NULL;
  CREATE INDEX IF NOT EXISTS kept ON receipts (issued_at) WHERE input IS NOT NULL;
`;

/** A call that the node has answered. */
export interface ServedCall {
  readonly receipt: SignedReceipt;
  /** What pays for it. */
  readonly voucher: SignedVoucher;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
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

  private constructor(private readonly db: DatabaseSync) {}

  /** Opens the book of a node, or makes it. The journal beside it keeps another process away. */
  static open(path: string): SessionBook {
    const db = new DatabaseSync(path);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    db.exec(SCHEMA);
    return new SessionBook(db);
  }

  /** Sessions that are not over, and of which the chain knows. */
  live(): BookedSession[] {
    return this.all("SELECT * FROM sessions WHERE over = 0 AND opened = 1").map(toSession);
  }

  find(sessionId: string): BookedSession | undefined {
    return this.all("SELECT * FROM sessions WHERE session_id = ? AND over = 0", sessionId).map(toSession)[0];
  }

  /** Notes a session that the node is about to consent to. */
  consent(sessionId: string, session: PackedSession): void {
    const sql = "INSERT OR IGNORE INTO sessions (session_id, packed, consented_at) VALUES (?, ?, ?)";
    this.run(sql, sessionId, JSON.stringify(session), Date.now());
  }

  /** The chain has it. */
  opened(sessionId: string): void {
    this.run("UPDATE sessions SET opened = 1 WHERE session_id = ?", sessionId);
  }

  /** Forgets consents of which the chain has never heard, since before `time` (unix milliseconds). */
  forgetUnopened(time: number): void {
    this.run("DELETE FROM sessions WHERE opened = 0 AND consented_at < ?", time);
  }

  /** The receipt of a call. */
  receipt(sessionId: string, sequence: bigint): SignedReceipt | undefined {
    const sql = "SELECT receipt FROM receipts WHERE session_id = ? AND sequence = ?";
    const [row] = this.all(sql, sessionId, sequence);
    return row && readReceiptText(String(row.receipt));
  }

  /** Receipts of a session from a number on, oldest first. */
  receipts(sessionId: string, from: bigint, most: number): SignedReceipt[] {
    const sql = "SELECT receipt FROM receipts WHERE session_id = ? AND sequence >= ? ORDER BY sequence LIMIT ?";
    return this.all(sql, sessionId, from, most).map((row) => readReceiptText(String(row.receipt)));
  }

  /**
   * Keeps what a call has come to: its receipt, the voucher that pays for it, and what a dispute about it would need. Durable
   * when the promise resolves.
   */
  put(before: BookedSession, { receipt, voucher, inputs, outputs }: ServedCall): Promise<BookedSession> {
    const { sessionId } = before;
    const best = before.voucher !== undefined && before.voucher.amount > voucher.amount ? before.voucher : voucher;
    const after: BookedSession = {
      ...before,
      next: receipt.sequence + 1n,
      earned: before.earned + receipt.price,
      voucher: best,
      owedSince: before.owedSince === 0 ? Date.now() : before.owedSince,
    };
    return this.durably(() => {
      this.run(
        "INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        sessionId,
        receipt.sequence,
        writeReceipt(receipt),
        receipt.issuedAt,
        receipt.inputRoot,
        encodePayload(inputs),
        receipt.outputRoot,
        encodePayload(outputs),
      );
      this.run(
        "UPDATE sessions SET next = ?, earned = ?, voucher = ?, owed_since = ? WHERE session_id = ?",
        after.next.toString(),
        after.earned.toString(),
        textOf(best),
        after.owedSince,
        sessionId,
      );
    }).then(() => after);
  }

  /** The encoded payload that has this root, if it is here. */
  get(root: string): Promise<Uint8Array | undefined> {
    const [row] = this.all(
      "SELECT input AS payload FROM receipts WHERE input_root = ?1 AND input IS NOT NULL UNION ALL " +
        "SELECT output FROM receipts WHERE output_root = ?1 AND output IS NOT NULL LIMIT 1",
      root,
    );
    return Promise.resolve(row && (row.payload as Uint8Array));
  }

  async tensors(root: string): Promise<Tensor[] | undefined> {
    const bytes = await this.get(root);
    return bytes && decodePayload(bytes);
  }

  /** Forgets inputs and outputs of calls that were answered before `time` (unix seconds): nobody can dispute them now. */
  prune(time: number): void {
    this.run("UPDATE receipts SET input = NULL, output = NULL WHERE issued_at < ? AND input IS NOT NULL", time);
  }

  /** All that its voucher claims has been redeemed. */
  redeemed(sessionId: string): void {
    this.run("UPDATE sessions SET owed_since = 0 WHERE session_id = ?", sessionId);
  }

  /** A session is final: nothing can be asked about it any more. */
  over(sessionId: string): void {
    this.run("UPDATE sessions SET over = 1, voucher = NULL WHERE session_id = ?", sessionId);
    this.run("DELETE FROM receipts WHERE session_id = ?", sessionId);
  }

  close(): void {
    this.flush();
    this.db.close();
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

  private run(sql: string, ...values: SQLInputValue[]): void {
    this.db.prepare(sql).run(...values);
  }

  private all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.db.prepare(sql).all(...values);
  }
}

function toSession(row: Record<string, unknown>): BookedSession {
  return {
    sessionId: String(row.session_id),
    session: JSON.parse(String(row.packed)) as PackedSession,
    next: BigInt(String(row.next)),
    earned: BigInt(String(row.earned)),
    voucher: typeof row.voucher === "string" ? voucherOf(row.voucher) : undefined,
    owedSince: Number(row.owed_since),
  };
}

const textOf = ({ amount, ...rest }: SignedVoucher): string => JSON.stringify({ ...rest, amount: amount.toString() });

function voucherOf(text: string): SignedVoucher {
  const { amount, ...rest } = JSON.parse(text) as Omit<SignedVoucher, "amount"> & { readonly amount: string };
  return { ...rest, amount: BigInt(amount) };
}
