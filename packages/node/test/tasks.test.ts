import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { id } from "ethers";

import type { Findings, Head } from "../dist/chain/Chain.js";
import { chosen } from "../dist/disputes/chosen.js";
import { readDisputes, Stories } from "../dist/disputes/Stories.js";
import type { Wake } from "../dist/jobs/Schedule.js";
import { Journal, type JournalTask } from "../dist/journal/Journal.js";
import { createLogger } from "../dist/log.js";
import { isOwed } from "../dist/send/Budget.js";
import { Tasks } from "../dist/tasks/Tasks.js";
import { temporaryFolder } from "./support/folder.ts";

const LOG = createLogger("silent", false);
const OWNER = { chainId: 1n, market: "market", node: "node" };
const { signal } = new AbortController();
const folder = temporaryFolder();
const newJournal = (path = join(folder, randomUUID())) => Journal.open(path, OWNER);
const task = (name: string, kind: JournalTask["kind"], blockNumber = 5): JournalTask => ({
  id: id(name),
  kind,
  data: JSON.stringify({ name }),
  blockNumber,
});
const block = (number: number) => ({ number, hash: id(`block ${number}`) });
const head = (timestamp: number): Head => ({ ...block(9), timestamp });
const found = (tasks: readonly JournalTask[]): Findings => ({ jobs: [], tasks, touched: new Set() });

describe("The journal's tasks", () => {
  it("are there after a crash until they are closed, and a closed one does not come back", () => {
    const path = join(folder, randomUUID());
    const journal = newJournal(path);
    const [game, offer] = [task("game", "game"), task("offer", "offer", 6)];
    journal.advance(block(6), [], [offer, game]);
    journal.closeTask(offer.id, 6);
    journal.close();
    const reopened = newJournal(path);
    assert.deepEqual(reopened.openTasks(), [game]);
    reopened.advance(block(7), [], [offer]);
    assert.equal(reopened.openTask(offer.id), undefined);
    reopened.close();
  });

  it("go with the blocks that a reorganisation takes away", () => {
    const journal = newJournal();
    const [stays, over] = [task("stays", "game", 4), task("over", "game", 4)];
    journal.advance(block(6), [], [stays, over, task("goes", "game", 6)]);
    journal.closeTask(over.id, 5);
    journal.rewind(5);
    assert.deepEqual(journal.openTasks(), [stays]);
    journal.rewind(4);
    assert.deepEqual(journal.openTasks(), [stays, over]); // not over on the chain that is now
    journal.close();
  });

  it("have one answer for each round, the first [D03]", () => {
    const journal = newJournal();
    assert.equal(journal.putAnswer("round", "first"), "first");
    assert.equal(journal.putAnswer("round", "second"), "first");
    assert.equal(journal.answer("other"), undefined);
    journal.putProgram("steps", "version");
    assert.equal(journal.versionOf("steps"), "version");
    journal.close();
  });
});

describe("Stories", () => {
  it("say each thing once, and can be read while the journal is held", () => {
    const [place, journal] = [temporaryFolder(), newJournal()];
    const game = task("game", "game");
    journal.advance(block(5), [], [game]);
    const stories = new Stories(place, journal, LOG);
    stories.show(game, { role: "node", state: "Asked", turn: "node", deadline: 7 });
    stories.say(game, "answers");
    stories.say(game, "answers");
    journal.closeTask(game.id, 5);
    stories.write();
    const [told] = readDisputes(place)?.disputes ?? [];
    assert.deepEqual(
      { ...told, notes: told?.notes.map(({ text }) => text) },
      {
        id: game.id,
        kind: "game",
        isOpen: false,
        role: "node",
        state: "Asked",
        turn: "node",
        deadline: 7,
        notes: ["answers"],
      },
    );
    assert.ok(readFileSync(join(place, "disputes.json")).length > 0);
    journal.close();
  });
});

describe("Tasks", () => {
  const given = (most: number) => {
    const journal = newJournal();
    const begun: string[] = [];
    let finish: (wake: Wake) => void = () => undefined;
    const keeper = {
      tend: ({ data }: JournalTask): Promise<Wake> => {
        begun.push(data);
        return new Promise((resolve) => (finish = resolve));
      },
    };
    const stories = new Stories(temporaryFolder(), journal, LOG);
    const tasks = new Tasks(journal, { game: keeper, offer: keeper }, stories, most, LOG);
    const add = (...list: readonly JournalTask[]) => {
      journal.advance(block(9), [], list);
      tasks.note(found(list));
    };
    return {
      journal,
      begun,
      tasks,
      add,
      finish: (wake: Wake) => {
        finish(wake);
      },
    };
  };

  it("begin games first, and however many other tasks run", async () => {
    const { journal, begun, tasks, add } = given(1);
    add(task("a", "offer"), task("b", "offer"));
    tasks.tendDue(head(1), signal);
    add(task("c", "game"), task("d", "game"));
    tasks.tendDue(head(2), signal);
    await sleep(0);
    assert.deepEqual(begun, ['{"name":"a"}', '{"name":"c"}', '{"name":"d"}']);
    journal.close();
  });

  it("begin others however many games run", async () => {
    const { journal, begun, tasks, add } = given(1);
    add(task("a", "game"), task("b", "game"));
    tasks.tendDue(head(1), signal);
    add(task("c", "offer"), task("d", "offer"));
    tasks.tendDue(head(2), signal);
    await sleep(0);
    assert.deepEqual(begun, ['{"name":"a"}', '{"name":"b"}', '{"name":"c"}']);
    journal.close();
  });

  it("look again when it is time, and close what is over", async () => {
    const { journal, begun, tasks, add, finish } = given(9);
    add(task("game", "game"));
    tasks.tendDue(head(1), signal);
    finish(5);
    await sleep(0);
    tasks.tendDue(head(4), signal);
    assert.equal(begun.length, 1);
    tasks.tendDue(head(5), signal);
    assert.equal(begun.length, 2);
    finish("closed");
    await sleep(0);
    assert.deepEqual(journal.openTasks(), []);
    assert.equal(tasks.size, 0);
    journal.close();
  });
});

describe("The choice of statements", () => {
  const secret = Buffer.alloc(32, 7);
  const statements = Array.from({ length: 2_000 }, (_, i) => id(`statement ${i}`));

  it("is the share that was asked for, and the same each time", () => {
    const checked = statements.filter((statement) => chosen(secret, statement, 0.25));
    assert.ok(Math.abs(checked.length - 500) < 100, `${checked.length}`);
    assert.deepEqual(
      checked,
      statements.filter((statement) => chosen(secret, statement, 0.25)),
    );
    assert.equal(statements.filter((statement) => chosen(secret, statement, 1)).length, 2_000);
    assert.equal(statements.filter((statement) => chosen(secret, statement, 0)).length, 0);
  });

  it("is another one with another secret", () => {
    const other = Buffer.alloc(32, 8);
    assert.ok(statements.some((each) => chosen(secret, each, 0.5) !== chosen(other, each, 0.5)));
  });
});

describe("What is owed", () => {
  it("is every move of a game, and every supply: no limit keeps it back [D07]", () => {
    for (const kind of ["unpack to reveal", "reveal", "respond", "show", "supply", "pick", "judge", "redeem last"])
      assert.equal(isOwed(kind), true, kind);
    for (const kind of ["answer", "reserve", "challenge", "demand", "settle", "redeem"])
      assert.equal(isOwed(kind), false, kind);
  });
});
