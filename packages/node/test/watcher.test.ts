import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import {
  admitVersion,
  answerOptimistic,
  challenge,
  type Client,
  createClient,
  demandWords,
  depositBond,
  findEvents,
  getBond,
  getOptimisticRecord,
  getStatement,
  getStatementRecord,
  getVersion,
  type MadeStatement,
  OptimisticState,
  payloadRoot,
  PayloadSide,
  respond,
  revealOptimistic,
  sealOptimistic,
  serveOptimistic,
  settleOptimistic,
  supplyOf,
  supplyWords,
  type Tensor,
  timeOutGame,
  type TracedRun,
  unpackRound,
} from "@opg-protocol/sdk";
import { encodeHeader } from "@opg-protocol/sdk/onnx";
import { id, NonceManager, parseEther } from "ethers";

import { ProtocolChain } from "../dist/chain/ProtocolChain.js";
import type { Checker, Finding } from "../dist/disputes/Checker.js";
import { Stories } from "../dist/disputes/Stories.js";
import { Watcher } from "../dist/disputes/Watcher.js";
import { priceOf, WithheldPayload } from "../dist/disputes/Withheld.js";
import type { Wake } from "../dist/jobs/Schedule.js";
import { Journal, type JournalTask } from "../dist/journal/Journal.js";
import { loadSigner } from "../dist/keys/Keystore.js";
import { createLogger } from "../dist/log.js";
import { temporaryFolder } from "./support/folder.ts";
import { TestNetwork, type TestNode } from "./support/network.ts";
import { falseRun, image, orderAlone, PROGRAM, publishRefereed, trueRun } from "./support/refereed.ts";
import { UnlockedSender } from "./support/UnlockedSender.ts";

const LOG = createLogger("silent", false);
const PATIENCE = 10;
const BUDGET = parseEther("10000");
const WINDOW = 100;
const [WATCHER, ANOTHER] = [5, 6];
const { signal } = new AbortController();
const rootOf = ({ trace }: TracedRun): string => payloadRoot(trace.outputs);
const wrong = (seed: number): Finding => ({ kind: "wrong", run: trueRun(seed) });

describe("A watcher of statements on a chain", () => {
  const folder = temporaryFolder();
  let network: TestNetwork;
  let versionId: string;
  let node: TestNode;
  let answering: Client;
  let account: string;
  let bond: bigint;
  let snapshot: string;
  let journal: Journal;
  let sender: UnlockedSender;
  let watcher: Watcher;
  /** What a check finds. */
  let finding: () => Promise<Finding>;
  let checks: number;
  let forgotten: string[];

  before(async () => {
    network = await TestNetwork.start();
    const { client, provider } = network;
    versionId = await publishRefereed(network);
    const { modelId, identity } = await getVersion(client, { versionId });
    await admitVersion(client, { modelId, identity, program: PROGRAM });
    node = await network.addNode(1, {}, parseEther("20000"));
    const key = await loadSigner(join(node.folder, "signer.json"), join(node.folder, "signer.password"));
    const signer = new NonceManager(key.connect(provider));
    answering = await createClient({ provider, signer, addresses: client.addresses });
    const endsAt = ((await provider.getBlock("latest"))?.timestamp ?? 0) + 86_400;
    await serveOptimistic(answering, { node: node.node, versionId, maxLock: parseEther("20000"), endsAt });
    account = (await provider.getSigner(WATCHER)).address;
    bond = await getBond(client);
  });
  after(() => network.stop());

  beforeEach(async () => {
    snapshot = (await network.provider.send("evm_snapshot", [])) as string;
    journal = Journal.open(join(folder, randomUUID()), { chainId: 1n, market: "market", node: account });
    sender = new UnlockedSender(network.provider, account);
    finding = () => Promise.resolve({ kind: "right", reason: "" });
    checks = 0;
    forgotten = [];
    start();
  });
  afterEach(async () => {
    await network.provider.send("evm_revert", [snapshot]);
    for (const { signer } of [network.client, answering]) (signer as NonceManager).reset();
    journal.close();
  });

  function start(changes: { share?: number; openBonds?: bigint } = {}): void {
    const checker = {
      check: () => {
        checks += 1;
        return finding();
      },
      forget: (statementId: string) => {
        forgotten.push(statementId);
      },
    } as unknown as Checker;
    const stories = new Stories(folder, journal, LOG);
    const settings = { account, share: 1, openBonds: BUDGET, secret: Buffer.alloc(32, 7), ...changes };
    watcher = new Watcher({ client: network.client, journal, sender, checker, stories }, settings);
  }

  /** Reads into the journal what the chain says, as the daemon does. */
  async function follow(): Promise<void> {
    const chain = new ProtocolChain(network.client, account);
    const none = new Set<string>();
    const interest = { versions: none, offers: none, node: undefined, account, statements: true };
    const head = await chain.head();
    journal.advance(head, [], (await chain.findings(0, head.number, interest)).tasks);
  }

  interface Stated {
    readonly made: MadeStatement;
    readonly task: JournalTask;
    readonly packed: Awaited<ReturnType<typeof orderAlone>>["packed"];
    readonly jobId: string;
  }

  /** Has the node state an answer. */
  async function state(seed: number, outputRoot = rootOf(falseRun(seed)), input = image(seed)): Promise<Stated> {
    const { client } = network;
    const terms = { node: node.node, windowPeriod: WINDOW, nonce: BigInt(seed), input: { tensors: [input] } };
    const order = await orderAlone(network, versionId, seed, terms);
    const { packed, jobId } = order;
    const { roundId } = await answerOptimistic(answering, { job: packed, node: node.node, outputRoot });
    const made = await getStatement(client, { roundId, node: node.node, outputRoot });
    await follow();
    const task = journal.openTask(made.statementId);
    assert.ok(task !== undefined);
    return { made, task, packed, jobId };
  }

  const deposit = (amount: bigint) => depositBond(network.client, { account, amount });
  const head = () => new ProtocolChain(network.client, account).head();
  /** When it looks again: so many seconds later. */
  async function tend({ task }: Pick<Stated, "task">, stop = signal): Promise<Wake> {
    const seen = await head();
    const wake = await watcher.tend(task, seen, stop);
    return typeof wake === "number" ? wake - seen.timestamp : wake;
  }
  const later = async (seconds: number) => {
    await network.provider.send("evm_increaseTime", [seconds]);
    await network.provider.send("evm_mine", []);
  };
  const said = ({ task }: Pick<Stated, "task">) =>
    journal
      .stories(99)
      .find((story) => story.id === task.id)
      ?.notes.map(({ text }) => text) ?? [];
  const gamesOf = ({ task }: Pick<Stated, "task">) =>
    findEvents(network.client, "disputes", "Challenged", [task.id], 0);
  const falseAt = async ({ task }: Pick<Stated, "task">) =>
    (await getStatementRecord(network.client, { statementId: task.id })).falseAt;

  /** A lie, and the watcher's game about it. */
  async function challenged(): Promise<Stated> {
    const stated = await state(1);
    await deposit(bond);
    finding = () => Promise.resolve(wrong(1));
    await tend(stated);
    await later(1);
    await tend(stated);
    return stated;
  }

  /** The node of a game misses its clock, so what it stated is false. */
  async function win(stated: Stated): Promise<void> {
    const [opened] = await gamesOf(stated);
    assert.ok(opened !== undefined);
    await later(60);
    await timeOutGame(network.client, { game: opened.args.game });
    assert.ok((await falseAt(stated)) > 0);
    journal.closeTask(opened.args.gameId, await network.provider.getBlockNumber());
  }

  describe("checks", () => {
    it("none that is not in its share", async () => {
      const stated = await state(1);
      start({ share: 0 });
      assert.equal(await tend(stated), "closed");
      assert.equal(checks, 0);
    });

    it("none of a round that it does not know", async () => {
      const { task } = await state(1);
      const data = JSON.stringify({ roundId: id("unknown"), node: node.node, outputRoot: id("output") });
      assert.equal(await tend({ task: { ...task, data } }), "closed");
      assert.equal(checks, 0);
    });

    it("a statement once, and forgets it when it is right or nothing can be done", async () => {
      const stated = await state(1);
      for (const kind of ["right", "skip"] as const) {
        finding = () => Promise.resolve({ kind, reason: "" });
        assert.equal(await tend(stated), "closed");
      }
      assert.deepEqual([sender.kinds, forgotten], [[], [stated.task.id, stated.task.id]]);
    });

    it("again what cannot be checked now, and says why", async () => {
      const stated = await state(1);
      finding = () => Promise.reject(new Error("no artifact"));
      assert.equal(await tend(stated), PATIENCE);
      assert.deepEqual(said(stated), ["cannot be checked now: no artifact"]);
      const stop = new AbortController();
      stop.abort();
      await assert.rejects(tend(stated, stop.signal), { name: "AbortError" });
    });

    it("says of what it has not checked in half of its window that it is late, once [T146]", async () => {
      const stated = await state(1);
      finding = () => Promise.reject(new Error("no artifact"));
      await tend(stated);
      assert.equal(watcher.late, 0);
      await later(WINDOW / 2 + 1);
      for (let i = 0; i < 2; i += 1) await tend(stated);
      assert.equal(watcher.late, 1);
      const [first, late, ...others] = said(stated);
      assert.equal(first, "cannot be checked now: no artifact");
      assert.match(late ?? "", /^is late: 4\d seconds are left to dispute it$/);
      assert.deepEqual(others, [first]);
      finding = () => Promise.resolve({ kind: "right", reason: "" });
      await tend(stated);
      assert.equal(watcher.late, 0);
    });

    it("none when the window is over, or somebody else has proven it false", async () => {
      const [late, known] = [await state(1), await state(2)];
      const another = await network.clientOf(ANOTHER);
      await depositBond(network.client, { account: another.account ?? "", amount: 2n * bond });
      await challenge(another, { statement: known.made.statement, run: trueRun(2), isSealed: false });
      await win(known);
      assert.equal(await tend(known), "closed");
      await later(WINDOW);
      assert.equal(await tend(late), "closed");
      assert.deepEqual([checks, sender.kinds], [0, []]);
    });
  });

  describe("challenges what is wrong", () => {
    it("with a seal, and with its trace in a later block, once", async () => {
      const stated = await state(1);
      await deposit(bond);
      finding = () => Promise.resolve(wrong(1));
      assert.equal(await tend(stated), 1);
      assert.equal(await tend(stated), 1); // the chain is still at the block of the seal
      assert.deepEqual(sender.kinds, ["seal"]);
      await later(1);
      assert.equal(await tend(stated), 1);
      assert.deepEqual(sender.kinds, ["seal", "challenge"]);
      for (const { reserve } of sender.actions) assert.equal(reserve, 1_800_000n);
      const [opened] = await gamesOf(stated);
      assert.equal(opened?.args.game.challenger, account);
      assert.equal(await tend(stated), "never"); // the game is a task of its own
      assert.equal(checks, 3);
    });

    it("waits, and says so, where no OPG are deposited, and goes on when they are", async () => {
      const stated = await state(1);
      finding = () => Promise.resolve(wrong(1));
      await deposit(bond - 1n);
      assert.equal(await tend(stated), PATIENCE);
      assert.match(said(stated).join(), /waits: [\d.,]+ OPG are needed in DisputeGame for 0x\w+: deposit/);
      assert.deepEqual(sender.kinds, []);
      await deposit(1n);
      await tend(stated);
      assert.deepEqual(sender.kinds, ["seal"]);
    });

    it("waits, and says so, where its budget is at stake elsewhere", async () => {
      const stated = await state(1);
      finding = () => Promise.resolve(wrong(1));
      await deposit(2n * bond);
      start({ openBonds: bond - 1n });
      assert.equal(await tend(stated), PATIENCE);
      assert.match(said(stated).join(), /waits: 0 OPG of at most [\d.,]+ are at stake \(watch\.openBonds\)/);
      assert.deepEqual(sender.kinds, []);
      start({ openBonds: bond });
      await tend(stated);
      assert.deepEqual(sender.kinds, ["seal"]);
    });

    it("one lie after the other where its OPG last for one, however many it seals at a time", async () => {
      await deposit(2n * bond);
      start({ openBonds: bond });
      const [first, second] = [await state(1), await state(2)];
      finding = () => Promise.resolve(wrong(1));
      await tend(first);
      finding = () => Promise.resolve(wrong(2));
      await tend(second);
      assert.deepEqual(sender.kinds, ["seal"]); // the second waits for the first's bond, which is not laid down yet
      await later(1);
      finding = () => Promise.resolve(wrong(1));
      await tend(first);
      await follow();
      finding = () => Promise.resolve(wrong(2));
      assert.equal(await tend(second), PATIENCE); // now it is
      assert.equal(await tend(first), "never");
      assert.equal(await tend(second), PATIENCE);
      await win(first);
      await tend(second);
      assert.deepEqual(sender.kinds, ["seal", "challenge", "seal"]);
    });

    it("keeps what it has sealed out of the balance that others count on", async () => {
      const [first, second] = [await state(1), await state(2)];
      await deposit(bond);
      finding = () => Promise.resolve(wrong(1));
      await tend(first);
      finding = () => Promise.resolve(wrong(2));
      assert.equal(await tend(second), PATIENCE);
      assert.match(said(second).join(), /OPG are needed in DisputeGame/);
      assert.deepEqual(sender.kinds, ["seal"]);
    });

    it("closes it when its own game was lost", async () => {
      const stated = await challenged();
      const { client, provider } = network;
      // Nobody is lied about here: the node answers, and the watcher misses its clock.
      const [opened] = await gamesOf(stated);
      assert.ok(opened !== undefined);
      await respond(answering, { gameId: opened.args.gameId, run: falseRun(1) });
      await later(60);
      await timeOutGame(client, { game: opened.args.game });
      await provider.send("evm_mine", []);
      assert.equal(await falseAt(stated), 0);
      assert.equal(await tend(stated), "closed");
      assert.deepEqual(forgotten, [stated.task.id]);
    });
  });

  describe("has a liar slashed that was found out", () => {
    async function found(): Promise<Stated> {
      const stated = await challenged();
      await win(stated);
      return stated;
    }

    it("when nobody can join any more, and then is done", async () => {
      const stated = await found();
      const wait = await tend(stated);
      assert.ok(typeof wait === "number" && wait > 0);
      assert.deepEqual(sender.kinds, ["seal", "challenge"]);
      await later(wait);
      assert.equal(await tend(stated), 1);
      assert.deepEqual(
        sender.actions.slice(2).map(({ kind, subject }) => [kind, subject]),
        [["settle", stated.jobId]],
      );
      assert.equal(await tend(stated), "closed");
      const [view] = journal.stories(1);
      assert.equal((JSON.parse(view?.view ?? "{}") as { state?: string }).state, "False");
    });

    it("where its answer may be audited, when no auditor can reveal any more", async () => {
      const { client, provider } = network;
      const terms = { node: node.node, windowPeriod: WINDOW, auditBps: 10_000 };
      const { packed, jobId } = await orderAlone(network, versionId, 1, terms);
      const answer = { job: packed, node: node.node, outputRoot: rootOf(falseRun(1)), salt: id("salt") };
      const { roundId } = await sealOptimistic(answering, answer);
      // To the end of all steps in which an auditor could have sealed.
      const { round } = await client.commitments.roundOf(roundId);
      const { lastSealEndsAt } = unpackRound(round);
      await later(lastSealEndsAt - ((await provider.getBlock("latest"))?.timestamp ?? 0));
      await revealOptimistic(answering, answer);
      await follow();
      const made = await getStatement(client, { roundId, node: node.node, outputRoot: answer.outputRoot });
      const task = journal.openTask(made.statementId);
      assert.ok(task !== undefined);
      const stated = { made, task, packed, jobId };
      await deposit(bond);
      finding = () => Promise.resolve(wrong(1));
      await tend(stated);
      await later(1);
      await tend(stated);
      await win(stated);
      const wait = await tend(stated);
      assert.ok(typeof wait === "number" && wait > 0);
      await later(wait);
      assert.equal(await tend(stated), 1);
      assert.deepEqual(sender.kinds, ["seal", "challenge", "settle"]);
      assert.equal(await tend(stated), "closed");
      assert.equal((await getOptimisticRecord(client, { jobId })).state, OptimisticState.Open);
    });

    it("unless somebody has done it", async () => {
      const stated = await found();
      await later(30);
      const { packed: job, made } = stated;
      await settleOptimistic(network.client, { job, node: made.statement.node, outputRoot: made.statement.outputRoot });
      assert.equal(await tend(stated), "closed");
      assert.deepEqual(sender.kinds, ["seal", "challenge"]);
    });
  });

  describe("refutes what the shapes of an input show to be false", () => {
    it("with a seal, and the preimages in a later block, without a bond", async () => {
      const flat: Tensor = { ...image(1), shape: [3_200] };
      const stated = await state(1, undefined, flat);
      finding = () => Promise.resolve({ kind: "refutable", header: encodeHeader(PROGRAM), inputs: [flat] });
      await tend(stated);
      await tend(stated);
      assert.deepEqual(sender.kinds, ["seal"]);
      await later(1);
      await tend(stated);
      assert.deepEqual(sender.kinds, ["seal", "refute"]);
      assert.ok((await falseAt(stated)) > 0);
      const wait = await tend(stated); // it shares the reward, so it settles
      assert.ok(typeof wait === "number" && wait > 0);
      await later(wait);
      await tend(stated);
      assert.deepEqual(sender.kinds, ["seal", "refute", "settle"]);
    });
  });

  describe("demands an input that is withheld", () => {
    const withheld = { kind: "withheld", side: PayloadSide.Input, reason: "nowhere" } as const;
    const read = ({ made }: Stated) => WithheldPayload.read(network.client, made, PayloadSide.Input, account, 0);

    it("at the second look, because places have bad moments, and once", async () => {
      const stated = await state(1);
      await deposit(bond);
      finding = () => Promise.resolve(withheld);
      assert.equal(await tend(stated), PATIENCE);
      assert.deepEqual(sender.kinds, []);
      await tend(stated);
      await tend(stated);
      assert.deepEqual(
        sender.actions.map(({ kind, subject }) => [kind, subject]),
        [["demand", `${stated.task.id}/input/0/0`]],
      );
      assert.match(said(stated).join(), /demands its input, which cannot be had: nowhere/);
    });

    it("when it can pay for it, and looks more often as the window ends", async () => {
      const stated = await state(1);
      finding = () => Promise.resolve(withheld);
      await tend(stated);
      assert.equal(await tend(stated), PATIENCE);
      assert.match(said(stated).join(), /OPG are needed in DisputeGame/);
      assert.deepEqual(sender.kinds, []);
      await later(WINDOW - 20);
      const wait = await tend(stated);
      assert.ok(typeof wait === "number" && wait <= 3);
    });

    it("and says why when the chain refuses", async () => {
      const stated = await state(1);
      await deposit(bond);
      finding = () => Promise.resolve(withheld);
      await tend(stated);
      sender.perform = () => Promise.reject(new Error("DisputeWindowOver"));
      assert.equal(await tend(stated), PATIENCE);
      assert.match(said(stated).join(), /cannot demand: DisputeWindowOver/);
    });

    it("and has it once its node has supplied it, not before, and not by what others demand", async () => {
      const stated = await state(1);
      const { client, provider } = network;
      const another = await network.clientOf(ANOTHER);
      await depositBond(client, { account: another.account ?? "", amount: bond });
      const [range, ...rest] = (await read(stated)).calls(client);
      assert.ok(range !== undefined);
      assert.deepEqual([rest, range.tensor, range.firstWord, range.count], [[], 0, 0, 100]);
      await demandWords(another, { statement: stated.made.statement, side: PayloadSide.Input, ...range });
      assert.equal((await read(stated)).calls(client).length, 1);

      await deposit(await priceOf(client, [range]));
      const { to, data } = range;
      await provider.send("eth_sendTransaction", [{ from: account, to, data }]);
      const demanded = await read(stated);
      assert.deepEqual([demanded.calls(client), demanded.tensors()], [[], undefined]);
      const demands = await findEvents(client, "disputes", "WordsDemanded", [stated.task.id], 0);
      const own = demands.find(({ args }) => args.demand.payer === account)?.args.demand;
      assert.ok(own !== undefined);
      await supplyWords(client, { demand: own, supply: supplyOf([image(1)], own) });
      assert.deepEqual((await read(stated)).tensors(), [image(1)]);
    });

    it("in demands of at most 1,024 words, tensor by tensor", async () => {
      const { made } = await state(1);
      const version = { ...made.statement.version, inputs: [spec([1]), spec([40_000]), spec([32_768])] };
      const large = await WithheldPayload.read(
        network.client,
        { ...made, statement: { ...made.statement, version } },
        PayloadSide.Input,
        account,
        0,
      );
      assert.deepEqual(
        large.calls(network.client).map(({ tensor, firstWord, count }) => [tensor, firstWord, count]),
        [
          [0, 0, 1],
          [1, 0, 1_024],
          [1, 1_024, 226],
          [2, 0, 1_024],
        ],
      );
      const [one, two] = [
        await priceOf(network.client, [{ count: 1 }]),
        await priceOf(network.client, [{ count: 226 }]),
      ];
      assert.equal(await priceOf(network.client, [{ count: 1 }, { count: 226 }]), one + two);
    });
  });
});

const spec = (shape: readonly number[]) => ({ name: "x", dtype: 2, shape });
