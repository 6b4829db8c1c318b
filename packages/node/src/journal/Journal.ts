import { DatabaseSync, type SQLInputValue } from "node:sqlite";

import { JournalForeignError, JournalLockedError } from "./errors.ts";

/** The node, chain and market that a journal belongs to. */
export interface JournalOwner {
  readonly chainId: bigint;
  readonly market: string;
  readonly node: string;
}

/** A job that the node may take part in, as its event gave it. */
export interface JournalJob {
  readonly jobId: string;
  /** The packed job as JSON. */
  readonly packed: string;
  /** What the order says of the input: the payload itself, or its URI. */
  readonly input: Uint8Array;
  readonly blockNumber: number;
}

/**
 * What is looked after besides draws: a job for one node, somebody's statement, a game, a demand. Its id is that of the job,
 * statement, game or demand.
 */
export interface JournalTask {
  readonly id: string;
  readonly kind: "offer" | "statement" | "game" | "demand";
  /** What the event said that was its beginning, as JSON. */
  readonly data: string;
  readonly blockNumber: number;
}

/** A game, demand or statement, as people are told of it. */
export interface JournalStory {
  readonly id: string;
  readonly kind: JournalTask["kind"];
  /** Where it stood when it was looked at last, as JSON. */
  readonly view: string;
  readonly isOpen: boolean;
  /** What was done or found, and why, oldest first. */
  readonly notes: readonly { readonly at: number; readonly text: string }[];
}

/** What the node has sealed, or is about to seal, in a round. */
export interface JournalSeal {
  readonly roundId: string;
  readonly jobId: string;
  /** 0 first draw, 1 audit, 2 appeal. */
  readonly attempt: number;
  readonly outputRoot: string;
  readonly salt: string;
}

/** A signed transaction. It is written before it is sent. */
export interface JournalTransaction {
  readonly kind: string;
  /** What it is about; with `kind` it makes an action that is done once. */
  readonly subject: string;
  readonly nonce: number;
  readonly hash: string;
  readonly raw: string;
  /** Most that it can cost, wei. */
  readonly cost: bigint;
  /** Unix milliseconds. */
  readonly sentAt: number;
}

/** In `closed` stands the block at which something was over; 0 as long as it is not. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS owner (only INTEGER PRIMARY KEY CHECK (only = 1), value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS jobs (job_id TEXT PRIMARY KEY, packed TEXT NOT NULL, input BLOB NOT NULL,
    block_number INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS open_jobs ON jobs (block_number) WHERE closed = 0;
  CREATE INDEX IF NOT EXISTS closed_jobs ON jobs (closed) WHERE closed > 0 AND input <> x'';
  CREATE TABLE IF NOT EXISTS seals (round_id TEXT PRIMARY KEY, job_id TEXT NOT NULL, attempt INTEGER NOT NULL,
    output_root TEXT NOT NULL, salt TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS seals_of_job ON seals (job_id);
  CREATE TABLE IF NOT EXISTS transactions (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL,
    nonce INTEGER NOT NULL, raw TEXT NOT NULL, cost TEXT NOT NULL, sent_at INTEGER NOT NULL,
    open INTEGER NOT NULL DEFAULT 1);
  CREATE INDEX IF NOT EXISTS open_transactions ON transactions (nonce) WHERE open = 1;
  CREATE INDEX IF NOT EXISTS spending ON transactions (sent_at);
  CREATE TABLE IF NOT EXISTS tasks (id TEXT PRIMARY KEY, kind TEXT NOT NULL, data TEXT NOT NULL,
    block_number INTEGER NOT NULL, view TEXT NOT NULL DEFAULT '{}', closed INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS open_tasks ON tasks (block_number) WHERE closed = 0;
  CREATE INDEX IF NOT EXISTS closed_tasks ON tasks (closed) WHERE closed > 0 AND data <> '';
  CREATE TABLE IF NOT EXISTS notes (task_id TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS notes_of_task ON notes (task_id);
  CREATE TABLE IF NOT EXISTS answers (round_id TEXT PRIMARY KEY, output_root TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS programs (steps_root TEXT PRIMARY KEY, version_id TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS misfits (root TEXT PRIMARY KEY, tensors TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS quarantine (version_id TEXT PRIMARY KEY, reason TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS priced (version_id TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS locked (version_id TEXT PRIMARY KEY);
`;

/** How many processed blocks are remembered, so that a reorganisation of the chain is noticed. */
const REMEMBERED_BLOCKS = 256;

/**
 * What the node must not forget, on disk before anything that follows from it is sent. One process at a time holds it.
 * Every write is durable when its call returns (write-ahead log, full synchronisation).
 */
export class Journal {
  private constructor(private readonly db: DatabaseSync) {}

  /**
   * Opens the journal of a node, or makes it.
   * @throws JournalLockedError if another process holds it, JournalForeignError if it is another node's.
   */
  static open(path: string, owner: JournalOwner): Journal {
    const db = new DatabaseSync(path);
    try {
      // The lock is taken by the first write and kept until the process ends, however it ends.
      db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      db.exec(SCHEMA);
      const journal = new Journal(db);
      journal.claim(path, owner);
      return journal;
    } catch (error) {
      db.close(); // with it goes the lock
      throw isLocked(error) ? new JournalLockedError(path) : error;
    }
  }

  /** The last block whose logs have been read, and blocks before it, latest first. */
  checkpoints(): { number: number; hash: string }[] {
    return this.all("SELECT number, hash FROM blocks ORDER BY number DESC") as { number: number; hash: string }[];
  }

  /** Notes jobs and tasks found in logs up to a block, and the block, in one step. */
  advance(
    block: { number: number; hash: string },
    jobs: readonly JournalJob[],
    tasks: readonly JournalTask[] = [],
  ): void {
    this.transaction(() => {
      const moved = "ON CONFLICT DO UPDATE SET block_number = excluded.block_number";
      for (const task of tasks) this.insertTask(task, moved);
      for (const job of jobs) this.insertJob(job, moved);
      this.run("INSERT OR REPLACE INTO blocks (number, hash) VALUES (?, ?)", block.number, block.hash);
      this.run(
        "DELETE FROM blocks WHERE number NOT IN (SELECT number FROM blocks ORDER BY number DESC LIMIT ?)",
        REMEMBERED_BLOCKS,
      );
      const settled = block.number - REMEMBERED_BLOCKS;
      this.run("UPDATE jobs SET input = x'' WHERE closed > 0 AND input <> x'' AND closed < ?", settled);
      this.run("UPDATE tasks SET data = '' WHERE closed > 0 AND data <> '' AND closed < ?", settled);
    });
  }

  /** Notes jobs and tasks of blocks that were read before, and gives the ids of those that nobody had told of. */
  addMissed(jobs: readonly JournalJob[], tasks: readonly JournalTask[]): ReadonlySet<string> {
    const missed = new Set<string>();
    this.transaction(() => {
      for (const task of tasks) if (this.insertTask(task, "ON CONFLICT DO NOTHING")) missed.add(task.id);
      for (const job of jobs) if (this.insertJob(job, "ON CONFLICT DO NOTHING")) missed.add(job.jobId);
    });
    return missed;
  }

  /**
   * Forgets blocks after `number`, and what began in them: the chain has other ones now. What was over in them is not over
   * any more. Seals stay.
   */
  rewind(number: number): void {
    this.transaction(() => {
      this.run("DELETE FROM blocks WHERE number > ?", number);
      for (const table of ["jobs", "tasks"]) {
        this.run(`DELETE FROM ${table} WHERE block_number > ?`, number);
        this.run(`UPDATE ${table} SET closed = 0 WHERE closed > ?`, number);
      }
    });
  }

  /** Jobs that are not over for this node, oldest first. */
  *openJobs(): Generator<JournalJob> {
    for (const row of this.db.prepare("SELECT * FROM jobs WHERE closed = 0 ORDER BY block_number").iterate()) {
      yield toJob(row);
    }
  }

  /** A job that is not over for this node. */
  openJob(jobId: string): JournalJob | undefined {
    return this.all("SELECT * FROM jobs WHERE job_id = ? AND closed = 0", jobId).map(toJob)[0];
  }

  /** A job is over for this node at a block: final, or nothing of it concerns the node. */
  closeJob(jobId: string, blockNumber: number): void {
    this.run("UPDATE jobs SET closed = ? WHERE job_id = ?", blockNumber, jobId);
  }

  /**
   * Notes what is about to be sealed, unless the round has a seal already; gives the one that counts. Whatever a later
   * run of the model gives, a round is sealed with the first one noted.
   */
  putSeal(seal: JournalSeal): JournalSeal {
    const { roundId, jobId, attempt, outputRoot, salt } = seal;
    this.run("INSERT OR IGNORE INTO seals VALUES (?, ?, ?, ?, ?)", roundId, jobId, attempt, outputRoot, salt);
    return this.seal(roundId) ?? seal;
  }

  seal(roundId: string): JournalSeal | undefined {
    return this.all("SELECT * FROM seals WHERE round_id = ?", roundId).map(toSeal)[0];
  }

  sealsOf(jobId: string): JournalSeal[] {
    return this.all("SELECT * FROM seals WHERE job_id = ? ORDER BY attempt", jobId).map(toSeal);
  }

  /** Tasks that are not over, oldest first. */
  openTasks(): JournalTask[] {
    return this.all("SELECT * FROM tasks WHERE closed = 0 ORDER BY block_number").map(toTask);
  }

  openTask(id: string): JournalTask | undefined {
    return this.all("SELECT * FROM tasks WHERE id = ? AND closed = 0", id).map(toTask)[0];
  }

  /** A task is over at a block. What was noted of it stays. */
  closeTask(id: string, blockNumber: number): void {
    this.run("UPDATE tasks SET closed = ? WHERE id = ?", blockNumber, id);
  }

  /** Keeps how a task stands, for people. True if that is news. */
  setView(id: string, view: string): boolean {
    const changed = this.db.prepare("UPDATE tasks SET view = ? WHERE id = ? AND view <> ?").run(view, id, view);
    return Number(changed.changes) > 0;
  }

  /** Notes what was done or found in a task, unless that is what was noted last. True if it is news. */
  note(id: string, text: string): boolean {
    const [last] = this.all("SELECT text FROM notes WHERE task_id = ? ORDER BY rowid DESC LIMIT 1", id);
    if (last?.text === text) return false;
    this.run("INSERT INTO notes VALUES (?, ?, ?)", id, Date.now(), text);
    return true;
  }

  /** The latest tasks of which something was noted, oldest first. */
  stories(most: number): JournalStory[] {
    const rows = this.all(
      "SELECT * FROM tasks WHERE id IN (SELECT task_id FROM notes) ORDER BY block_number DESC LIMIT ?",
      most,
    );
    return rows.toReversed().map((row) => ({
      id: String(row.id),
      kind: String(row.kind) as JournalTask["kind"],
      view: String(row.view),
      isOpen: Number(row.closed) === 0,
      notes: this.all("SELECT at, text FROM notes WHERE task_id = ? ORDER BY rowid", String(row.id)).map((note) => ({
        at: Number(note.at),
        text: String(note.text),
      })),
    }));
  }

  /** Notes what is about to be stated without a seal, unless the round has its answer already; gives the one that counts. */
  putAnswer(roundId: string, outputRoot: string): string {
    this.run("INSERT OR IGNORE INTO answers VALUES (?, ?)", roundId, outputRoot);
    return this.answer(roundId) ?? outputRoot;
  }

  answer(roundId: string): string | undefined {
    const [row] = this.all("SELECT output_root FROM answers WHERE round_id = ?", roundId);
    return row && String(row.output_root);
  }

  /** Remembers which version has a program with these steps, so that it can be defended when it is offered no longer. */
  putProgram(stepsRoot: string, versionId: string): void {
    this.run("INSERT OR IGNORE INTO programs VALUES (?, ?)", stepsRoot, versionId);
  }

  versionOf(stepsRoot: string): string | undefined {
    const [row] = this.all("SELECT version_id FROM programs WHERE steps_root = ?", stepsRoot);
    return row && String(row.version_id);
  }

  /** Keeps what is known of a stated output that fits no model. */
  putMisfit(root: string, tensors: string): void {
    this.run("INSERT OR IGNORE INTO misfits VALUES (?, ?)", root, tensors);
  }

  misfit(root: string): string | undefined {
    const [row] = this.all("SELECT tensors FROM misfits WHERE root = ?", root);
    return row && String(row.tensors);
  }

  /** One that a reorganisation has taken away may come again, with the same bytes. */
  putTransaction({ hash, kind, subject, nonce, raw, cost, sentAt }: JournalTransaction): void {
    this.run(
      "INSERT OR REPLACE INTO transactions (hash, kind, subject, nonce, raw, cost, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      hash,
      kind,
      subject,
      nonce,
      raw,
      cost.toString(),
      sentAt,
    );
  }

  /** What a mined transaction has really cost, wei. */
  setCost(hash: string, cost: bigint): void {
    this.run("UPDATE transactions SET cost = ? WHERE hash = ?", cost.toString(), hash);
  }

  /** Transactions that may yet be mined, by nonce, and those with one nonce as they were noted: clocks can go back. */
  openTransactions(): JournalTransaction[] {
    return this.all("SELECT * FROM transactions WHERE open = 1 ORDER BY nonce, rowid").map((row) => ({
      kind: String(row.kind),
      subject: String(row.subject),
      nonce: Number(row.nonce),
      hash: String(row.hash),
      raw: String(row.raw),
      cost: BigInt(String(row.cost)),
      sentAt: Number(row.sent_at),
    }));
  }

  /** No transaction with this nonce, or a lower one, will be mined any more. */
  closeTransactions(upToNonce: number): void {
    this.run("UPDATE transactions SET open = 0 WHERE open = 1 AND nonce <= ?", upToNonce);
  }

  /** What transactions sent since then can have cost at most, wei. Of several with one nonce the dearest counts. */
  spentSince(time: number): bigint {
    const rows = this.all("SELECT nonce, cost FROM transactions WHERE sent_at >= ?", time);
    const dearest = new Map<number, bigint>();
    for (const { nonce, cost } of rows) {
      const value = BigInt(String(cost));
      if (value > (dearest.get(Number(nonce)) ?? -1n)) dearest.set(Number(nonce), value);
    }
    return [...dearest.values()].reduce((sum, cost) => sum + cost, 0n);
  }

  /** A version that the node does not run any more, and why. */
  quarantine(versionId: string, reason: string): void {
    this.run("INSERT OR IGNORE INTO quarantine VALUES (?, ?)", versionId, reason);
  }

  quarantined(): Map<string, string> {
    const rows = this.all("SELECT version_id, reason FROM quarantine");
    return new Map(rows.map((row) => [String(row.version_id), String(row.reason)]));
  }

  /** Remembers that a price is published for a version, so that it can be taken back when the version is offered no longer. */
  putPriced(versionId: string): void {
    this.run("INSERT OR IGNORE INTO priced VALUES (?)", versionId);
  }

  priced(): string[] {
    return this.all("SELECT version_id FROM priced").map((row) => String(row.version_id));
  }

  /** Notes that stake is locked for sessions with a version, or about to be. */
  putLocked(versionId: string): void {
    this.run("INSERT OR IGNORE INTO locked VALUES (?)", versionId);
  }

  locked(): string[] {
    return this.all("SELECT version_id FROM locked").map((row) => String(row.version_id));
  }

  close(): void {
    this.db.close();
  }

  private claim(path: string, owner: JournalOwner): void {
    const value = `${owner.chainId}/${owner.market.toLowerCase()}/${owner.node.toLowerCase()}`;
    this.run("INSERT OR IGNORE INTO owner VALUES (1, ?)", value);
    const [row] = this.all("SELECT value FROM owner");
    if (row?.value !== value) throw new JournalForeignError(path, String(row?.value), value);
  }

  private insertTask({ id, kind, data, blockNumber }: JournalTask, onConflict: string): boolean {
    const insert = `INSERT INTO tasks (id, kind, data, block_number) VALUES (?, ?, ?, ?) ${onConflict}`;
    return Number(this.db.prepare(insert).run(id, kind, data, blockNumber).changes) > 0;
  }

  private insertJob({ jobId, packed, input, blockNumber }: JournalJob, onConflict: string): boolean {
    const insert = `INSERT INTO jobs (job_id, packed, input, block_number) VALUES (?, ?, ?, ?) ${onConflict}`;
    return Number(this.db.prepare(insert).run(jobId, packed, input, blockNumber).changes) > 0;
  }

  private transaction(work: () => void): void {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.isTransaction) this.db.exec("ROLLBACK"); // on a full disk SQLite has done it by itself
      throw error;
    }
  }

  private run(sql: string, ...values: SQLInputValue[]): void {
    this.db.prepare(sql).run(...values);
  }

  private all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.db.prepare(sql).all(...values);
  }
}

function toJob(row: Record<string, unknown>): JournalJob {
  return {
    jobId: String(row.job_id),
    packed: String(row.packed),
    input: row.input as Uint8Array,
    blockNumber: Number(row.block_number),
  };
}

const toTask = (row: Record<string, unknown>): JournalTask => ({
  id: String(row.id),
  kind: String(row.kind) as JournalTask["kind"],
  data: String(row.data),
  blockNumber: Number(row.block_number),
});

function toSeal(row: Record<string, unknown>): JournalSeal {
  return {
    roundId: String(row.round_id),
    jobId: String(row.job_id),
    attempt: Number(row.attempt),
    outputRoot: String(row.output_root),
    salt: String(row.salt),
  };
}

const isLocked = (error: unknown) => error instanceof Error && /database is locked/.test(error.message);
