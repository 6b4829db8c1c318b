import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";

import { JournalForeignError, JournalLockedError } from "../dist/journal/errors.js";
import { Journal, type JournalJob, type JournalSeal, type JournalTransaction } from "../dist/journal/Journal.js";
import { temporaryFolder } from "./support/folder.ts";

const OWNER = { chainId: 31_337n, market: `0x${"aa".repeat(20)}`, node: `0x${"bb".repeat(20)}` };
const SEAL: JournalSeal = { roundId: "round", jobId: "job", attempt: 0, outputRoot: "first", salt: "salt" };

const job = (jobId: string, blockNumber: number): JournalJob => ({
  jobId,
  packed: `{"of":"${jobId}"}`,
  input: Uint8Array.of(0, 1, 2),
  blockNumber,
});

const transaction = (hash: string, changes: Partial<JournalTransaction> = {}): JournalTransaction => ({
  kind: "commit",
  subject: hash,
  nonce: 0,
  hash,
  raw: `raw ${hash}`,
  cost: 1n,
  sentAt: 1_000,
  ...changes,
});

/** What another process says when it opens a journal. */
function openElsewhere(path: string): string {
  const module = new URL("../dist/journal/Journal.js", import.meta.url).href;
  const owner = { ...OWNER, chainId: Number(OWNER.chainId) };
  const script = `
    const { Journal } = await import(${JSON.stringify(module)});
    try { Journal.open(${JSON.stringify(path)}, ${JSON.stringify(owner)}); console.log("opened"); }
    catch (error) { console.log(error.name, error.path); }`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }).stdout.trim();
}

describe("Journal", () => {
  const folder = temporaryFolder();
  const opened: Journal[] = [];
  const freshPath = () => join(folder, `${randomUUID()}.sqlite`);
  const open = (path = freshPath(), owner = OWNER): Journal => {
    const journal = Journal.open(path, owner);
    opened.push(journal);
    return journal;
  };
  after(() => {
    for (const journal of opened) {
      try {
        journal.close();
      } catch {
        // closed by its test
      }
    }
  });

  it("lets the first seal of a round count, whatever is noted later, also after a restart", () => {
    const path = freshPath();
    const journal = open(path);
    assert.deepEqual(journal.putSeal(SEAL), SEAL);
    assert.deepEqual(journal.putSeal({ ...SEAL, outputRoot: "second", salt: "other" }), SEAL);
    journal.close();

    const reopened = open(path);
    assert.deepEqual(reopened.putSeal({ ...SEAL, outputRoot: "third" }), SEAL);
    assert.deepEqual(reopened.seal("round"), SEAL);
    assert.equal(reopened.seal("another"), undefined);
  });

  it("gives the seals of a job in the order of its draws", () => {
    const journal = open();
    const appeal = { ...SEAL, roundId: "appeal", attempt: 2 };
    journal.putSeal(appeal);
    journal.putSeal(SEAL);
    journal.putSeal({ ...SEAL, roundId: "elsewhere", jobId: "another" });
    assert.deepEqual(journal.sealsOf("job"), [SEAL, appeal]);
  });

  it("keeps blocks, jobs, transactions, quarantine and what was priced over a restart", () => {
    const path = freshPath();
    const journal = open(path);
    journal.advance({ number: 7, hash: "seven" }, [job("later", 7), job("earlier", 5)]);
    journal.putTransaction(transaction("tx", { cost: 2n ** 80n }));
    journal.quarantine("version", "why");
    journal.quarantine("version", "another reason");
    for (const version of ["priced", "too", "priced"]) journal.putPriced(version);
    journal.close();

    const reopened = open(path);
    assert.deepEqual(reopened.priced(), ["priced", "too"]);
    assert.deepEqual(
      reopened.checkpoints().map((block) => ({ ...block })),
      [{ number: 7, hash: "seven" }],
    );
    assert.deepEqual([...reopened.openJobs()], [job("earlier", 5), job("later", 7)]);
    assert.deepEqual(reopened.openTransactions(), [transaction("tx", { cost: 2n ** 80n })]);
    assert.deepEqual(reopened.quarantined(), new Map([["version", "why"]]));
  });

  it("loses nothing that was written when its process is killed [T135]", () => {
    const path = freshPath();
    const module = new URL("../dist/journal/Journal.js", import.meta.url).href;
    const script = `
      const { Journal } = await import(${JSON.stringify(module)});
      const journal = Journal.open(${JSON.stringify(path)}, {
        chainId: 31337, market: ${JSON.stringify(OWNER.market)}, node: ${JSON.stringify(OWNER.node)} });
      journal.putSeal(${JSON.stringify(SEAL)});
      process.kill(process.pid, "SIGKILL");`;
    const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
    assert.equal(signal, "SIGKILL");
    assert.deepEqual(open(path).seal("round"), SEAL);
  });

  it("forgets open jobs of blocks that are gone, and keeps closed jobs and seals", () => {
    const journal = open();
    journal.advance({ number: 1, hash: "one" }, [job("stays", 1)]);
    journal.advance({ number: 2, hash: "two" }, [job("goes", 2), job("closed", 2)]);
    journal.putSeal({ ...SEAL, jobId: "goes" });
    journal.closeJob("closed", 2);
    journal.rewind(1);

    assert.deepEqual([...journal.openJobs()], [job("stays", 1)]);
    assert.equal(journal.checkpoints()[0]?.number, 1);
    assert.equal(journal.sealsOf("goes").length, 1);
    // Ordered again in another block, jobs are there again, and what was over on the old chain is not on this one.
    journal.advance({ number: 2, hash: "other two" }, [job("goes", 2), job("closed", 2)]);
    assert.deepEqual(journal.openJob("closed"), job("closed", 2));
    assert.deepEqual(journal.openJob("goes"), job("goes", 2));
  });

  it("opens again, with its input, what was over in blocks that are gone, and nothing else [D05]", () => {
    const journal = open();
    journal.advance({ number: 9, hash: "nine" }, [job("over before", 1), job("over after", 2)]);
    journal.closeJob("over before", 7);
    journal.closeJob("over after", 8);
    journal.rewind(7);
    assert.deepEqual([...journal.openJobs()], [job("over after", 2)]);
    journal.advance({ number: 9, hash: "other nine" }, [job("over before", 1)]);
    assert.equal(journal.openJob("over before"), undefined);
  });

  it("keeps the input of what is over as long as it remembers the block", () => {
    const journal = open();
    journal.advance({ number: 1, hash: "one" }, [job("over", 1)]);
    journal.closeJob("over", 2);
    journal.advance({ number: 258, hash: "later" }, []);
    journal.rewind(1);
    assert.deepEqual(journal.openJob("over"), job("over", 1));
    journal.closeJob("over", 2);
    journal.advance({ number: 259, hash: "too late" }, []);
    journal.rewind(1);
    assert.equal(journal.openJob("over")?.input.length, 0);
  });

  it("moves a job to the block that has it now", () => {
    const journal = open();
    journal.advance({ number: 5, hash: "five" }, [job("moved", 5)]);
    journal.advance({ number: 6, hash: "six" }, [job("moved", 6)]);
    assert.equal(journal.openJob("moved")?.blockNumber, 6);
  });

  it("notes jobs and their block together, or neither", () => {
    const journal = open();
    const broken = { ...job("broken", 3), blockNumber: null as unknown as number };
    assert.throws(() => {
      journal.advance({ number: 3, hash: "three" }, [job("good", 3), broken]);
    });
    assert.deepEqual([[...journal.openJobs()], journal.checkpoints()], [[], []]);
  });

  it("says that the disk is full, notes nothing of what did not fit, and goes on when there is room [T135]", () => {
    const journal = open();
    // SQLite fails at a bound on its pages as it does on a full disk.
    const database = Reflect.get(journal, "db") as DatabaseSync;
    journal.advance({ number: 1, hash: "one" }, [job("one", 1)]);
    database.exec("PRAGMA max_page_count = 1"); // as many as there are
    const large = { ...job("large", 2), input: new Uint8Array(100_000) };
    assert.throws(() => {
      journal.advance({ number: 2, hash: "two" }, [job("two", 2), large]);
    }, /database or disk is full/);
    assert.throws(() => {
      for (let nonce = 0; nonce < 1_000; nonce += 1) journal.putTransaction(transaction(`tx ${nonce}`, { nonce }));
    }, /database or disk is full/);
    assert.deepEqual([[...journal.openJobs()], journal.checkpoints()[0]?.number], [[job("one", 1)], 1]);

    database.exec("PRAGMA max_page_count = 1000000");
    journal.advance({ number: 2, hash: "two" }, [job("two", 2), large]);
    assert.deepEqual([...journal.openJobs()], [job("one", 1), job("two", 2), large]);
    assert.equal(journal.checkpoints()[0]?.number, 2);
  });

  it("remembers the last 256 blocks", () => {
    const journal = open();
    for (let number = 1; number <= 300; number += 1) journal.advance({ number, hash: `${number}` }, []);
    const checkpoints = journal.checkpoints();
    assert.deepEqual([checkpoints.length, checkpoints[0]?.number, checkpoints.at(-1)?.number], [256, 300, 45]);
  });

  it("closes all transactions up to a nonce", () => {
    const journal = open();
    for (const nonce of [3, 4, 5]) journal.putTransaction(transaction(`tx ${nonce}`, { nonce }));
    journal.closeTransactions(4);
    assert.deepEqual(
      journal.openTransactions().map(({ nonce }) => nonce),
      [5],
    );
  });

  it("gives open transactions by nonce, and those with one nonce as they were noted, though the clock went back", () => {
    const journal = open();
    journal.putTransaction(transaction("next", { nonce: 2, sentAt: 500 }));
    journal.putTransaction(transaction("first", { nonce: 1, sentAt: 3_000 }));
    journal.putTransaction(transaction("raised", { nonce: 1, sentAt: 2_000 }));
    journal.putTransaction(transaction("raised again", { nonce: 1, sentAt: 1_000 }));
    const hashes = () => journal.openTransactions().map(({ hash }) => hash);
    assert.deepEqual(hashes(), ["first", "raised", "raised again", "next"]);
    journal.putTransaction(transaction("first", { nonce: 1, sentAt: 900 })); // once more, as after a reorganisation
    assert.deepEqual(hashes(), ["raised", "raised again", "first", "next"]);
  });

  it("counts the dearest of the transactions with one nonce, and what was really paid once that is known", () => {
    const journal = open();
    journal.putTransaction(transaction("too old", { nonce: 0, cost: 1_000n, sentAt: 999 }));
    journal.putTransaction(transaction("first", { nonce: 1, cost: 10n }));
    journal.putTransaction(transaction("raised", { nonce: 1, cost: 13n, sentAt: 2_000 }));
    journal.putTransaction(transaction("cheaper", { nonce: 1, cost: 2n, sentAt: 2_500 }));
    journal.putTransaction(transaction("next", { nonce: 2, cost: 5n, sentAt: 3_000 }));
    assert.equal(journal.spentSince(1_000), 18n);
    journal.setCost("next", 4n);
    assert.equal(journal.spentSince(1_000), 17n);
  });

  it("is held by one process at a time [T130]", () => {
    const path = freshPath();
    const journal = open(path);
    assert.equal(openElsewhere(path), `JournalLockedError ${path}`);
    assert.throws(() => Journal.open(path, OWNER), new JournalLockedError(path));
    journal.close();
    assert.equal(openElsewhere(path), "opened");
  });

  it("refuses the journal of another node, chain or market, and leaves it to its owner", () => {
    const path = freshPath();
    open(path).close();
    const found = `31337/${OWNER.market}/${OWNER.node}`;
    const foreign = [
      { owner: { ...OWNER, chainId: 1n }, expected: `1/${OWNER.market}/${OWNER.node}` },
      { owner: { ...OWNER, market: OWNER.node }, expected: `31337/${OWNER.node}/${OWNER.node}` },
      { owner: { ...OWNER, node: OWNER.market }, expected: `31337/${OWNER.market}/${OWNER.market}` },
    ];
    for (const { owner, expected } of foreign) {
      assert.throws(() => Journal.open(path, owner), new JournalForeignError(path, found, expected));
    }
    const checksummed = { ...OWNER, node: OWNER.node.toUpperCase().replace("X", "x") };
    assert.doesNotThrow(() => open(path, checksummed));
  });
});
