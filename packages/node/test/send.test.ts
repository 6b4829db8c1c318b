import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, mock } from "node:test";

import { gasLimitOf } from "@opg-protocol/sdk";
import { Transaction, Wallet, type JsonRpcApiProvider } from "ethers";

import { Journal } from "../dist/journal/Journal.js";
import { createLogger } from "../dist/log.js";
import { Budget, BudgetExceededError } from "../dist/send/Budget.js";
import { Sender, type Action } from "../dist/send/Sender.js";
import { temporaryFolder } from "./support/folder.ts";

const LOG = createLogger("silent", false);
const GAS = 100_000n;
const GAS_LIMIT = gasLimitOf(GAS);
const FEE = 100n;
const COST = GAS_LIMIT * FEE;
const TARGET = `0x${"7a".repeat(20)}`;
const DAY = 24 * 60 * 60 * 1000;
/** Unix milliseconds. */
const NOW = 1_000_000_000_000;

const action = (kind: string, subject = "subject", changes: Partial<Action> = {}): Action => ({
  kind,
  subject,
  to: TARGET,
  data: "0x",
  ...changes,
});

/** A chain that takes transactions, or does not, and mines them when it is told to. */
class FakeProvider {
  count = 0;
  fee = FEE;
  readonly sent: Transaction[] = [];
  readonly receipts = new Map<string, object>();
  /** Is called with each transaction before it is taken. */
  before: (transaction: Transaction) => void = () => undefined;
  estimate = () => Promise.resolve(GAS);

  estimateGas() {
    return this.estimate();
  }
  getNetwork() {
    return Promise.resolve({ chainId: 1n });
  }
  getTransactionCount() {
    return Promise.resolve(this.count);
  }
  getFeeData() {
    return Promise.resolve({ maxFeePerGas: this.fee, maxPriorityFeePerGas: 1n });
  }
  getTransactionReceipt(hash: string) {
    return Promise.resolve(this.receipts.get(hash) ?? null);
  }
  async broadcastTransaction(raw: string) {
    await Promise.resolve();
    const transaction = Transaction.from(raw);
    this.before(transaction);
    this.sent.push(transaction);
  }

  mine({ hash, nonce }: Transaction, gasUsed = GAS): void {
    this.receipts.set(hash ?? "", { status: 1, gasUsed, gasPrice: FEE });
    this.count = nonce + 1;
  }
}

describe("Sender", () => {
  const folder = temporaryFolder();
  const signer = new Wallet(`0x${"01".repeat(32)}`);
  let provider: FakeProvider;
  let journal: Journal;
  let sender: Sender;
  /** Milliseconds of a clock that never jumps. */
  let steadyTime: number;

  const start = async (limit = 1_000n * COST): Promise<void> => {
    const budget = new Budget(journal, limit);
    sender = await Sender.init(provider as unknown as JsonRpcApiProvider, signer, journal, budget, LOG);
  };
  /** Lets time pass. */
  const pass = (milliseconds: number): void => {
    mock.timers.tick(milliseconds);
    steadyTime += milliseconds;
  };
  const nonces = () => provider.sent.map(({ nonce }) => nonce);
  const last = (): Transaction => {
    const transaction = provider.sent.at(-1);
    assert.ok(transaction !== undefined, "nothing was sent");
    return transaction;
  };
  beforeEach(async () => {
    mock.timers.enable({ apis: ["Date"], now: NOW });
    steadyTime = 1_000;
    mock.method(performance, "now", () => steadyTime);
    provider = new FakeProvider();
    const owner = { chainId: 1n, market: "market", node: "node" };
    journal = Journal.open(join(folder, `${randomUUID()}.sqlite`), owner);
    await start();
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
    journal.close();
  });

  it("signs for this chain, with a margin of gas, and notes it before it is on the wire [D01]", async () => {
    provider.before = ({ hash }) => {
      assert.deepEqual(
        journal.openTransactions().map((open) => open.hash),
        [hash],
      );
    };
    await sender.perform(action("commit"));
    const { from, to, chainId, nonce, gasLimit, maxFeePerGas, type } = last();
    assert.deepEqual(
      { from, to: to?.toLowerCase(), chainId, nonce, gasLimit, maxFeePerGas, type },
      { from: signer.address, to: TARGET, chainId: 1n, nonce: 0, gasLimit: GAS_LIMIT, maxFeePerGas: FEE, type: 2 },
    );
    assert.equal(journal.openTransactions()[0]?.cost, COST);
  });

  it("does not do twice what is under way, and may do it again when that is over [T129]", async () => {
    await Promise.all([sender.perform(action("commit")), sender.perform(action("commit"))]);
    assert.equal(sender.isUnderway(action("commit")), true);
    assert.deepEqual(nonces(), [0]);
    provider.mine(last());
    await sender.review();
    assert.equal(sender.isUnderway(action("commit")), false);
    assert.equal(journal.spentSince(0), GAS * FEE); // what it has really cost, without the margin
    await sender.perform(action("commit"));
    assert.deepEqual(nonces(), [0, 1]);
  });

  it("gives each of many actions at once a nonce of its own, without a gap", async () => {
    await Promise.all(["a", "b", "c", "d"].map((subject) => sender.perform(action("commit", subject))));
    assert.deepEqual(nonces(), [0, 1, 2, 3]);
  });

  it("uses up no nonce for what the chain would refuse", async () => {
    provider.estimate = () => Promise.reject(new Error("it reverts"));
    await assert.rejects(sender.perform(action("commit", "bad")), /it reverts/);
    provider.estimate = () => Promise.resolve(GAS);
    await sender.perform(action("commit", "good"));
    assert.deepEqual(nonces(), [0]);
  });

  it("fills the gap that a reorganisation leaves below transactions that wait", async () => {
    for (const subject of ["a", "b"]) await sender.perform(action("commit", subject));
    const [first] = provider.sent;
    assert.ok(first !== undefined);
    provider.mine(first);
    await sender.review();
    provider.count = 0; // the block of the first one is gone, and with it the first one
    for (const subject of ["c", "d"]) await sender.perform(action("commit", subject));
    assert.deepEqual(
      journal.openTransactions().map(({ nonce, subject }) => [nonce, subject]),
      [
        [0, "c"],
        [1, "b"],
        [2, "d"],
      ],
    );
  });

  it("does again what a reorganisation has undone, though it comes to the same bytes", async () => {
    await sender.perform(action("commit"));
    provider.mine(last());
    await sender.review();
    provider.count = 0;
    await sender.perform(action("commit"));
    const [first, second] = provider.sent;
    assert.equal(second?.serialized, first?.serialized);
    assert.equal(sender.isUnderway(action("commit")), true);
  });

  it("sends the same bytes again that an earlier process has signed and may not have sent, and no others [T129]", async () => {
    provider.before = () => {
      throw new Error("the line is cut");
    };
    await assert.rejects(sender.perform(action("commit")), /the line is cut/);
    const raw = journal.openTransactions()[0]?.raw;
    provider.before = () => undefined;
    await start();
    await sender.perform(action("commit"));
    assert.deepEqual(
      provider.sent.map(({ serialized }) => serialized),
      [raw],
    );
  });

  it("takes it for sent when the network knows it already", async () => {
    for (const message of ["already known", "nonce too low: next nonce 1", "transaction already imported"]) {
      provider.before = () => {
        throw new Error(message);
      };
      await sender.perform(action("commit", message));
    }
    assert.equal(journal.openTransactions().length, 3);
  });

  it("raises the fee by a quarter of what has waited for a minute, or to what is asked now [T133]", async () => {
    await sender.perform(action("commit"));
    pass(59_999);
    await sender.review();
    assert.equal(last().maxFeePerGas, FEE);
    pass(1);
    await sender.review();
    assert.deepEqual([last().nonce, last().maxFeePerGas], [0, 125n]);
    pass(60_000);
    provider.fee = 1_000n;
    await sender.review();
    assert.deepEqual([last().nonce, last().maxFeePerGas], [0, 1_000n]);
    // All three are one action, of which the dearest can have cost something.
    assert.equal(journal.spentSince(0), GAS_LIMIT * 1_000n);
  });

  for (const [name, jump] of [
    ["forward", DAY],
    ["back", -DAY],
  ] as const) {
    it(`raises the fee after a minute, also when the machine's clock jumps ${name} [T133]`, async () => {
      await sender.perform(action("commit"));
      mock.timers.setTime(NOW + jump);
      pass(59_999);
      await sender.review();
      assert.equal(last().maxFeePerGas, FEE);
      pass(1);
      await sender.review();
      assert.equal(last().maxFeePerGas, 125n);
    });
  }

  it("counts what a transaction has waited before a restart, up to a minute, and no less than nothing [T133]", async () => {
    await sender.perform(action("commit"));
    for (const [jump, wait] of [
      [-DAY, 60_000],
      [20_000, 40_000],
      [DAY, 0],
    ] as const) {
      const sent = last().maxFeePerGas ?? 0n;
      mock.timers.setTime(Number(journal.openTransactions().at(-1)?.sentAt) + jump);
      await start();
      if (wait > 0) {
        pass(wait - 1);
        await sender.review();
        assert.equal(last().maxFeePerGas, sent);
        pass(1);
        await sender.review();
      }
      assert.equal(last().maxFeePerGas, (sent * 125n) / 100n);
    }
  });

  it("sends the last one of a nonce again, though the machine's clock went back between them [T133]", async () => {
    await sender.perform(action("commit"));
    mock.timers.setTime(NOW - DAY);
    pass(60_000);
    await sender.review();
    await sender.review();
    assert.deepEqual(
      provider.sent.map(({ maxFeePerGas }) => maxFeePerGas),
      [FEE, 125n, 125n],
    );
  });

  it("closes what was mined under any of its fees, and notes what that has cost", async () => {
    await sender.perform(action("commit"));
    const first = last();
    pass(60_000);
    await sender.review();
    assert.notEqual(last().hash, first.hash);
    provider.mine(first, 90_000n);
    const before = provider.sent.length;
    await sender.review();
    assert.deepEqual(journal.openTransactions(), []);
    assert.equal(provider.sent.length, before);
    await start();
    assert.equal(provider.sent.length, before);
  });

  describe("with a budget", () => {
    it("refuses what would exceed it, and names all amounts [T134 D07]", async () => {
      await start(2n * COST - 1n);
      await sender.perform(action("commit", "a"));
      const error = new BudgetExceededError("commit", COST, COST, 2n * COST - 1n);
      await assert.rejects(sender.perform(action("commit", "b")), error);
      assert.deepEqual([nonces(), journal.openTransactions().length], [[0], 1]);
    });

    it("leaves room for what an action makes necessary", async () => {
      await start(COST + 70_000n * FEE - 1n);
      await assert.rejects(sender.perform(action("commit", "a", { reserve: 70_000n })), BudgetExceededError);
      await start(COST + 70_000n * FEE);
      await sender.perform(action("commit", "a", { reserve: 70_000n }));
    });

    it("sends what is owed whatever it costs, reveals and moves of games [D07]", async () => {
      await start(0n);
      for (const kind of ["reveal", "respond"]) await sender.perform(action(kind));
      assert.deepEqual(nonces(), [0, 1]);
      pass(60_000);
      await sender.review();
      assert.equal(last().maxFeePerGas, 125n);
    });

    it("counts over restarts, and forgets after a day [T134 D07]", async () => {
      await start(COST);
      await sender.perform(action("commit", "a"));
      provider.mine(last());
      await sender.review();
      await start(COST);
      await assert.rejects(sender.perform(action("commit", "b")), BudgetExceededError);
      pass(DAY);
      await assert.rejects(sender.perform(action("commit", "b")), BudgetExceededError);
      pass(1);
      await sender.perform(action("commit", "b"));
      assert.deepEqual(nonces(), [0, 1]);
    });

    it("goes on with the old fee where there is no room for a higher one", async () => {
      await start(COST);
      await sender.perform(action("serve"));
      pass(60_000);
      await sender.review();
      assert.deepEqual(
        provider.sent.map(({ maxFeePerGas }) => maxFeePerGas),
        [FEE, FEE],
      );
    });

    it("raises what holds up a reveal, though there is no room for it [T133]", async () => {
      await start(COST);
      await sender.perform(action("serve"));
      await sender.perform(action("reveal"));
      pass(60_000);
      await sender.review();
      assert.deepEqual(
        provider.sent.slice(2).map(({ nonce, maxFeePerGas }) => [nonce, maxFeePerGas]),
        [
          [0, 125n],
          [1, 125n],
        ],
      );
    });
  });

  it("sends the others again when the network refuses one, and starts all the same", async () => {
    for (const subject of ["a", "b"]) await sender.perform(action("commit", subject));
    provider.before = ({ nonce }) => {
      if (nonce === 0) throw new Error("transaction underpriced");
    };
    await start();
    assert.deepEqual(nonces(), [0, 1, 1]);
  });
});
