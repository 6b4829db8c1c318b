import { strict as assert } from "node:assert";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { setImmediate as breathe } from "node:timers/promises";

import { payloadRoot, PRICE_UNIT, redeemVouchers, SessionState, settleSession } from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import type { Config } from "../../dist/config/Config.js";
import { createLogger } from "../../dist/log.js";
import { BudgetExceededError, isOwed } from "../../dist/send/Budget.js";
import { SessionKeeper } from "../../dist/sessions/SessionKeeper.js";
import { FakeSender } from "../support/FakeSender.ts";
import { temporaryFolder } from "../support/folder.ts";
import { bytes, now, PRICE, SessionBench } from "../support/sessions.ts";

const SETTINGS: Config["sessions"] = { redeemAbove: 3n * PRICE, redeemHours: 24, endMinutes: 30, waiting: 1 };
const DAY = 86_400;

describe("SessionKeeper", () => {
  const folder = temporaryFolder();
  let bench: SessionBench;
  let sender: FakeSender;
  let session: string;
  beforeEach(async () => {
    bench = new SessionBench(mkdtempSync(join(folder, "book-")));
    sender = new FakeSender();
    session = await bench.open(1, { endsAt: now() + 10 * DAY });
  });
  const keeperOf = (changes: Partial<Config["sessions"]> = {}) => {
    const { book, table, chain } = bench;
    const log = createLogger("silent", false);
    return new SessionKeeper({ client: chain.client, book, table, sender, log }, { ...SETTINGS, ...changes });
  };
  const head = (timestamp = now()) => ({ number: 100, hash: "0x", timestamp });
  const serve = async (count: number, id = session) => {
    for (let left = count; left > 0; left -= 1) {
      const next = bench.book.find(id)?.next ?? assert.fail();
      await bench.serve(id, next, bytes(Number(next)));
    }
  };
  const kinds = () => sender.actions.map(({ kind }) => kind);
  /** What the node would claim of a session. */
  const redemption = (id = session) => {
    const booked = bench.book.find(id);
    assert.ok(booked?.voucher);
    return { session: booked.session, amount: booked.voucher.amount, signature: booked.voucher.signature };
  };
  /** The chain has answered about what nobody waits for. */
  const asked = async () => {
    while (!bench.table.isCaughtUp) await breathe();
  };
  /** The chain has mined what was sent. */
  const mine = (redeemed: bigint, id = session) => {
    bench.chain.set(id, { redeemed });
    bench.table.hear(id);
  };

  it("redeems when a session owes as much as the operator says, and not before", async () => {
    const keeper = keeperOf();
    await serve(2);
    await keeper.tend(head());
    assert.deepEqual(kinds(), []);
    await serve(1);
    await keeper.tend(head());
    const { to, data } = redeemVouchers.call(bench.chain.client.addresses, { redemptions: [redemption()] });
    assert.deepEqual(
      sender.actions.map((action) => [action.kind, action.to, action.data]),
      [["redeem", to, data]],
    );
  });

  it("sends nothing more for a session until the chain shows what was sent", async () => {
    const keeper = keeperOf();
    await serve(3);
    await keeper.tend(head());
    await serve(3);
    await keeper.tend(head());
    await keeper.tend(head());
    assert.equal(sender.actions.length, 1);
    mine(3n * PRICE);
    await keeper.tend(head());
    assert.equal(sender.actions.length, 2);
    assert.equal(redemption().amount, 6n * PRICE);
  });

  it("redeems what is old, counted from the first call that is not redeemed, also after a restart", async (t) => {
    const begun = Date.now();
    t.mock.timers.enable({ apis: ["Date"], now: begun - 25 * 3_600_000 });
    await serve(1);
    t.mock.timers.setTime(begun - 23 * 3_600_000);
    await serve(1);
    t.mock.timers.setTime(begun);
    mine(PRICE);
    await keeperOf().tend(head());
    assert.deepEqual(kinds(), []); // the second call is not that old
    t.mock.timers.setTime(begun + 2 * 3_600_000);
    bench = bench.restarted();
    await keeperOf().tend(head());
    assert.deepEqual(kinds(), ["redeem"]);
  });

  const prices: readonly (readonly [what: string, callPrice: bigint, calls: number])[] = [
    ["more than a unit and no whole number of them", (3n * PRICE_UNIT) / 2n, 1],
    ["less than a unit", PRICE_UNIT / 4n, 4],
  ];
  for (const [what, callPrice, calls] of prices) {
    it(`counts no age from a call that is redeemed, at a price of ${what}`, async (t) => {
      const begun = Date.now();
      const odd = await bench.open(2, { callPrice, endsAt: now() + 10 * DAY });
      const pay = async (count: number) => {
        for (let left = count; left > 0; left -= 1) {
          const { next } = bench.book.find(odd) ?? assert.fail();
          const ticket = await bench.admit(await bench.paid(odd, next, next * callPrice), bytes(Number(next)));
          await ticket.complete({ outputs: [bytes(1)], outputRoot: payloadRoot([bytes(1)]) });
        }
      };
      t.mock.timers.enable({ apis: ["Date"], now: begun });
      await pay(calls);
      t.mock.timers.setTime(begun + 2 * 3_600_000);
      await pay(calls); // a whole unit more
      mine(PRICE_UNIT, odd);
      const keeper = keeperOf({ redeemAbove: PRICE });
      t.mock.timers.setTime(begun + 25 * 3_600_000);
      await keeper.tend(head());
      assert.deepEqual(kinds(), []);
      t.mock.timers.setTime(begun + 26 * 3_600_000);
      await keeper.tend(head());
      assert.deepEqual(kinds(), ["redeem"]);
    });
  }

  it("redeems nothing for less than the chain counts", async () => {
    const price = PRICE + PRICE_UNIT / 2n;
    const odd = await bench.open(2, { callPrice: price, endsAt: now() + 10 * DAY });
    const headers = await bench.paid(odd, 1n, price);
    const ticket = await bench.admit(headers);
    await ticket.complete({ outputs: [bytes(2)], outputRoot: payloadRoot([bytes(2)]) });
    const keeper = keeperOf({ redeemHours: 0 });
    await keeper.tend(head());
    assert.deepEqual(kinds(), ["redeem"]);
    mine(PRICE, odd); // all that the chain lets it claim
    await keeper.tend(head());
    await keeperOf({ redeemHours: 0 }).tend(head());
    assert.deepEqual(kinds(), ["redeem"]);
    assert.equal(keeper.figures(head()).owed, 0n);
  });

  it("redeems before a session ends, whatever it owes and gas costs [T102]", async () => {
    bench.chain.gasPrice = 10n ** 12n;
    const keeper = keeperOf({ mostGasPrice: 50 });
    await serve(1);
    await keeper.tend(head());
    assert.deepEqual(kinds(), []);
    bench.chain.set(session, { closesAt: now() + 20 * 60 }); // the payer has closed it
    bench.table.hear(session);
    await keeper.tend(head());
    assert.deepEqual(kinds(), ["redeem last"]);
  });

  it("pays for no redemption when a session has ended, and settles it", async () => {
    const end = now() + 20 * 60;
    const ending = await bench.open(2, { endsAt: end });
    await serve(3, ending);
    bench.chain.set(session, { closesAt: end }); // its payer has closed it
    await serve(3);
    const keeper = keeperOf();
    for (const over of [end, end + 86_400]) {
      await keeper.tend(head(over));
      await keeper.redeemAll(head(over));
      assert.equal(keeper.figures(head(over)).owed, 0n);
      assert.equal((await keeper.account(head(over))).owed, 0n);
    }
    assert.deepEqual(new Set(kinds()), new Set(["settle session"]));
    assert.equal(keeper.figures(head(end - 1)).owed, 6n * PRICE);
    await keeper.tend(head(end - 1));
    assert.equal(kinds().at(-1), "redeem last");
  });

  it("keeps what can wait apart from what would be lost, which no limit holds up", async () => {
    const ending = await bench.open(2, { endsAt: now() + 20 * 60 });
    await serve(3);
    await serve(1, ending);
    sender.before = ({ kind }) => {
      if (!isOwed(kind)) throw new BudgetExceededError(kind, 1n, 1n, 1n);
    };
    await keeperOf().tend(head());
    const { data } = redeemVouchers.call(bench.chain.client.addresses, { redemptions: [redemption(ending)] });
    assert.deepEqual(sender.sent, [data]);
  });

  it("waits while gas costs more than the operator says", async () => {
    const keeper = keeperOf({ mostGasPrice: 0.5 });
    await serve(3);
    await keeper.tend(head());
    assert.deepEqual(kinds(), []);
    bench.chain.gasPrice = 500_000_000n;
    await keeper.tend(head());
    assert.deepEqual(kinds(), ["redeem"]);
  });

  it("redeems many sessions in one transaction", async () => {
    const other = await bench.open(2, { endsAt: now() + 10 * DAY });
    await serve(3);
    await serve(4, other);
    await keeperOf().tend(head());
    const { data } = redeemVouchers.call(bench.chain.client.addresses, {
      redemptions: [redemption(), redemption(other)],
    });
    assert.deepEqual(sender.sent, [data]);
  });

  it("asks the chain about a session when something was heard of it, and about all at once", async () => {
    const others = [await bench.open(2), await bench.open(3)];
    await serve(1);
    for (const other of others) await serve(1, other);
    const keeper = keeperOf();
    await keeper.tend(head());
    assert.equal(bench.chain.reads, 3); // by the calls
    let asked = 0;
    bench.chain.before = async () => {
      asked += 1;
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      assert.equal(asked, 2);
    };
    for (const other of others) bench.table.hear(other);
    await keeper.tend(head());
    assert.equal(bench.chain.reads, 5);
  });

  it("settles a session in which nobody has ever called, also where it began after a restart", async () => {
    const heard = await bench.open(2, { endsAt: now() + 100 });
    const missed = await bench.open(3, { endsAt: now() + 100 });
    await bench.open(4);
    bench.chain.records.delete(await bench.open(5)); // nobody has opened it
    bench.table.hear(heard);
    bench = bench.restarted(); // nothing was heard of `missed`
    const keeper = keeperOf();
    await keeper.tend(head());
    await asked(); // whether anybody has opened the others
    await keeper.tend(head(now() + 101));
    const settled = [heard, missed].map((sessionId) => {
      const { session: packed } = bench.book.find(sessionId) ?? assert.fail();
      return settleSession.call(bench.chain.client.addresses, { session: packed }).data;
    });
    assert.deepEqual(sender.sent, settled);
    assert.equal(bench.table.all().length, 4);
  });

  describe("with consents that nobody has opened, and a chain that is slow to say so", () => {
    let answers: (() => void)[];
    /** Ids of those of which the chain was asked, in that order. */
    let order: string[];
    beforeEach(async () => {
      await serve(1);
      for (let number = 2; number <= 80; number += 1) {
        bench.chain.records.delete(await bench.open(number, { endsAt: now() + 10 * DAY }));
      }
      bench = bench.restarted();
      [answers, order] = [[], []];
      bench.chain.before = (sessionId) => {
        order.push(sessionId);
        if (sessionId === session) return Promise.resolve();
        return new Promise((resolve) => answers.push(resolve));
      };
    });

    it("asks about what is owed first, and redeems it at each head without waiting for the rest", async () => {
      const keeper = keeperOf({ redeemAbove: PRICE });
      await keeper.tend(head());
      assert.deepEqual([order[0], kinds()], [session, ["redeem"]]);
      const asking = order.length - 1;
      assert.equal(asking, 16);
      mine(PRICE);
      await serve(1);
      await keeper.tend(head());
      assert.deepEqual(kinds(), ["redeem", "redeem"]);
      assert.equal(answers.length, asking); // and they are not asked about twice
      await closed(keeper);
    });

    it("tells what is owed, and redeems it on command, without asking about them", async () => {
      const keeper = keeperOf();
      assert.equal((await keeper.account(head())).owed, PRICE);
      await keeper.redeemAll(head());
      assert.deepEqual([kinds(), new Set(order)], [["redeem"], new Set([session])]);
    });

    it("asks about no more of them once it is closed, and waits for what it has asked", async () => {
      const keeper = keeperOf();
      await keeper.tend(head());
      let isClosed = false;
      const closing = keeper.close().then(() => (isClosed = true));
      await breathe();
      assert.equal(isClosed, false);
      const asking = answers.length;
      for (const answer of answers) answer();
      await closing;
      assert.equal(answers.length, asking);
    });

    it("asks about all of them in the end", async () => {
      const keeper = keeperOf();
      await keeper.tend(head());
      while (bench.table.unseen().length > 0) {
        for (const answer of answers.splice(0)) answer();
        await breathe();
      }
      assert.equal(bench.table.isCaughtUp, true);
      await keeper.close();
    });

    /** Stops it in the middle. */
    const closed = async (keeper: SessionKeeper) => {
      const closing = keeper.close();
      for (const answer of answers) answer();
      await closing;
    };
  });

  it("forgets a session that a reorganisation has taken away when it is too late to open it again", async () => {
    await serve(1);
    bench.chain.records.delete(session);
    bench.table.hearAll();
    await keeperOf().tend(head());
    assert.equal(bench.table.all().length, 1);
    await keeperOf().tend(head(now() + 10 * DAY));
    assert.deepEqual([bench.table.all(), bench.book.find(session)], [[], undefined]);
  });

  it("forgets no session about which the chain has not answered, whoever asks", async () => {
    const ids = [session, await bench.open(2), await bench.open(3)];
    for (const sessionId of ids) await serve(1, sessionId);
    bench = bench.restarted();
    const late = head(now() + 10 * DAY);
    const answers: (() => void)[] = [];
    bench.chain.before = () => {
      if (answers.length === 2) throw new Error("no answer");
      return new Promise<void>((resolve) => answers.push(resolve));
    };
    const call = bench.table.find(session); // a call asks before the keeper does
    const tended = keeperOf().tend(late);
    for (let i = 0; i < 10; i += 1) await breathe();
    const vouchers = () => ids.filter((sessionId) => bench.book.find(sessionId)?.voucher !== undefined);
    assert.deepEqual(vouchers(), ids);
    for (const answer of answers) answer();
    await Promise.all([call, tended]);
    assert.deepEqual(vouchers(), ids);
  });

  it("asks the chain about no more than 64 sessions at once, also where an answer fails", async () => {
    for (let number = 2; number <= 80; number += 1) bench.table.hear(await bench.open(number));
    let [asking, most] = [0, 0];
    bench.chain.before = async () => {
      const isFirst = bench.chain.reads === 1;
      asking += 1;
      most = Math.max(most, asking);
      if (!isFirst) await breathe();
      asking -= 1;
      if (isFirst) throw new Error("no answer");
    };
    const keeper = keeperOf();
    await keeper.tend(head());
    assert.deepEqual([asking, bench.table.unseen().length], [0, 1]);
    await keeper.tend(head());
    assert.deepEqual([most, bench.table.unseen().length], [64, 0]);
  });

  it("brings to its end what is final, and forgets what is over", async () => {
    await serve(3);
    const live = await bench.table.find(session);
    assert.ok(live);
    const settle = settleSession.call(bench.chain.client.addresses, { session: live.booked.session }).data;
    mine(3n * PRICE);
    bench.chain.set(session, { marked: 3n * PRICE, markedAt: now() });
    const keeper = keeperOf();
    await keeper.tend(head());
    assert.deepEqual(kinds(), []);
    await keeper.tend(head(now() + 41)); // the horizon of its receipts
    assert.deepEqual(sender.sent, [settle]);
    bench.chain.set(session, { state: SessionState.Closed, paid: 3n * PRICE, closesAt: now() });
    await keeper.tend(head(now() + 201)); // all clocks
    assert.deepEqual(sender.sent, [settle, settle]);
    bench.chain.set(session, { state: SessionState.Released });
    bench.table.hear(session);
    await keeper.tend(head());
    assert.deepEqual(bench.table.all(), []);
    assert.equal(bench.book.find(session), undefined);
  });

  it("says what its sessions are worth", async () => {
    await serve(5);
    mine(3n * PRICE);
    bench.chain.set(session, { paid: PRICE });
    const keeper = keeperOf({ redeemAbove: parseEther("1") });
    await keeper.tend(head());
    const figures = { open: 1, owed: 2n * PRICE, pending: 2n * PRICE, locked: 1_000_000n * PRICE };
    assert.deepEqual(keeper.figures(head()), figures);
  });

  it("redeems everything for who asks for it", async () => {
    const other = await bench.open(2);
    await serve(1);
    await serve(2, other);
    const keeper = keeperOf();
    await keeper.redeemAll(head());
    assert.deepEqual(kinds(), ["redeem"]);
    assert.deepEqual(await keeper.account(head()), { redeemed: 0n, owed: 3n * PRICE }); // the chain has taken nothing yet
    bench.chain.set(session, { redeemed: PRICE });
    assert.deepEqual(await keeper.account(head()), { redeemed: PRICE, owed: 2n * PRICE });
  });

  it("says what of its claims is lost when a session ends before the chain has them", async () => {
    const end = now() + 100;
    const [ended, closed] = [await bench.open(2, { endsAt: end }), await bench.open(3)];
    await serve(1);
    await serve(2, ended);
    await serve(3, closed);
    const keeper = keeperOf();
    const claims = await keeper.redeemAll(head());
    const told = async (at: number) => {
      await keeper.account(head(at));
      return keeper.lostOf(claims, head(at));
    };
    assert.deepEqual(await told(end - 1), []);
    bench.chain.set(ended, { redeemed: PRICE });
    bench.chain.set(closed, { state: SessionState.Closed });
    const lost = { sessionId: closed, amount: 3n * PRICE };
    assert.deepEqual(await told(end - 1), [lost]);
    assert.deepEqual(await told(end), [{ sessionId: ended, amount: PRICE }, lost]);
    bench.chain.set(ended, { redeemed: 2n * PRICE });
    assert.deepEqual(await told(end), [lost]); // what was redeemed in time is not
  });

  it("does the rest where one thing fails", async () => {
    const over = await bench.open(2, { endsAt: now() + 100 });
    const other = await bench.open(3, { endsAt: now() + 100 });
    await serve(3);
    for (const ended of [over, other]) bench.table.hear(ended);
    let failed = 0;
    sender.before = ({ kind }) => {
      if (kind === "redeem" || failed < 2) throw new Error(`no ${(failed += 1)}`);
    };
    await keeperOf().tend(head(now() + 101));
    assert.deepEqual(kinds(), ["settle session"]);
  });

  it("tries no further settlement while the limit of a day is spent", async () => {
    for (const number of [2, 3]) bench.table.hear(await bench.open(number, { endsAt: now() + 100 }));
    let tried = 0;
    sender.before = ({ kind }) => {
      tried += 1;
      throw new BudgetExceededError(kind, 1n, 1n, 1n);
    };
    const keeper = keeperOf();
    await keeper.tend(head(now() + 101));
    assert.equal(tried, 1);
    sender.before = () => undefined;
    await keeper.tend(head(now() + 101));
    assert.deepEqual(kinds(), ["settle session", "settle session"]);
  });

  it("tries again at the next head what has failed", async () => {
    const keeper = keeperOf();
    await serve(3);
    sender.before = () => {
      throw new Error("no coin");
    };
    await keeper.tend(head());
    sender.before = () => undefined;
    await keeper.tend(head());
    assert.deepEqual(kinds(), ["redeem"]);
  });
});
