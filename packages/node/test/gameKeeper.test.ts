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
  depositBond,
  DisputeState,
  findEvents,
  getDispute,
  getStatement,
  getVersion,
  payloadRoot,
  serveOptimistic,
  TracedRun,
} from "@opg-protocol/sdk";
import { compile, Executor } from "@opg-protocol/sdk/onnx";
import { NonceManager, parseEther } from "ethers";

import { ProtocolChain } from "../dist/chain/ProtocolChain.js";
import { GameKeeper } from "../dist/disputes/GameKeeper.js";
import { Stories } from "../dist/disputes/Stories.js";
import type { Wake } from "../dist/jobs/Schedule.js";
import { Journal } from "../dist/journal/Journal.js";
import { loadSigner } from "../dist/keys/Keystore.js";
import { createLogger } from "../dist/log.js";
import { temporaryFolder } from "./support/folder.ts";
import { TestNetwork, type TestNode } from "./support/network.ts";
import { longModel } from "./support/onnx.ts";
import { image, LyingExecutor, orderAlone, publishRefereed } from "./support/refereed.ts";
import { UnlockedSender } from "./support/UnlockedSender.ts";

const LOG = createLogger("silent", false);
const CHALLENGER = 5;
const { signal } = new AbortController();
/** 400 bytes, which are 400 words between the steps where they stand in a column: too many to be laid down at once. */
const SHAPE = [400, 1];
/** One step for each operation, and two that bring input and output into their layouts. */
const STEPS = 300;
const FILE = longModel(2, SHAPE, STEPS - 2);
const PROGRAM = compile(FILE);
const INPUT = [image(1, SHAPE)];

const TRUTH = new TracedRun(new Executor(PROGRAM), INPUT);
const lieIn = (step: number) => new TracedRun(new LyingExecutor(PROGRAM, step), INPUT);

describe("The two sides of a game about a long trace", () => {
  const folder = temporaryFolder();
  let network: TestNetwork;
  let versionId: string;
  let node: TestNode;
  let answering: Client;
  let challenging: Client;
  let snapshot: string;
  let journals: Journal[];

  before(async () => {
    network = await TestNetwork.start();
    const { client, provider } = network;
    versionId = await publishRefereed(network, { slug: "long", file: FILE, shape: SHAPE });
    const { modelId, identity } = await getVersion(client, { versionId });
    await admitVersion(client, { modelId, identity, program: PROGRAM });
    node = await network.addNode(1, {}, parseEther("20000"));
    const key = await loadSigner(join(node.folder, "signer.json"), join(node.folder, "signer.password"));
    const signer = new NonceManager(key.connect(provider));
    answering = await createClient({ provider, signer, addresses: client.addresses });
    challenging = await network.clientOf(CHALLENGER);
    const endsAt = ((await provider.getBlock("latest"))?.timestamp ?? 0) + 86_400;
    await serveOptimistic(answering, { node: node.node, versionId, maxLock: parseEther("20000"), endsAt });
    await depositBond(client, { account: challenging.account ?? "", amount: parseEther("100") });
  });
  after(() => network.stop());

  beforeEach(async () => {
    snapshot = (await network.provider.send("evm_snapshot", [])) as string;
    journals = [];
  });
  afterEach(async () => {
    await network.provider.send("evm_revert", [snapshot]);
    for (const { signer } of [network.client, answering, challenging]) (signer as NonceManager).reset();
    for (const journal of journals) journal.close();
  });

  /** The game that a challenger with one run has opened about what a node with another run has stated. */
  async function game(stated: TracedRun, by: TracedRun): Promise<string> {
    const terms = { node: node.node, windowPeriod: 100, input: { tensors: INPUT } };
    const { packed } = await orderAlone(network, versionId, 1, terms);
    const outputRoot = payloadRoot(stated.trace.outputs);
    const { roundId } = await answerOptimistic(answering, { job: packed, node: node.node, outputRoot });
    const { statement } = await getStatement(network.client, { roundId, node: node.node, outputRoot });
    return (await challenge(challenging, { statement, run: by, isSealed: false })).gameId;
  }

  /** One side: what it has, what it sends and what it says. */
  async function side(gameId: string, role: "node" | "challenger", run: TracedRun) {
    const account = challenging.account ?? "";
    const journal = Journal.open(join(folder, randomUUID()), { chainId: 1n, market: "market", node: account });
    journals.push(journal);
    const chain = new ProtocolChain(network.client, account);
    const none = new Set<string>();
    const interest = {
      versions: none,
      offers: none,
      statements: false,
      node: role === "node" ? node.node : undefined,
      account,
    };
    const head = await chain.head();
    journal.advance(head, [], (await chain.findings(0, head.number, interest)).tasks);
    const task = journal.openTask(gameId);
    assert.ok(task !== undefined);
    const sender = new UnlockedSender(network.provider, role === "node" ? node.node : account);
    const keeper = new GameKeeper(
      {
        client: network.client,
        sender,
        runs: { of: () => Promise.resolve(run) },
        stories: new Stories(folder, journal, LOG),
      },
      { node: interest.node, confirmations: 0 },
    );
    return {
      sender,
      tend: async (): Promise<Wake> => keeper.tend(task, await chain.head(), signal),
      said: () => journal.stories(9)[0]?.notes.map(({ text }) => text) ?? [],
    };
  }

  const stateOf = async (gameId: string) => (await getDispute(network.client, { disputeId: gameId })).state;

  for (const step of [0, 130, STEPS - 1]) {
    it(`play it to its end, which convicts a liar in step ${step} [I22 I23]`, async () => {
      const liar = lieIn(step);
      const gameId = await game(liar, TRUTH);
      const sides = [await side(gameId, "node", liar), await side(gameId, "challenger", TRUTH)] as const;
      for (let turns = 0; turns < 8 && (await stateOf(gameId)) <= DisputeState.Demanded; turns += 1)
        await sides[turns % 2 === 0 ? 0 : 1].tend();
      assert.equal(await stateOf(gameId), DisputeState.NodeLost);
      assert.deepEqual(sides[0].sender.kinds.slice(0, 2), ["enter", "respond"]);
      assert.equal(sides[1].sender.kinds[0], "lay");
      assert.equal(sides[1].sender.kinds.at(-1), "judge");
      const [answered] = await findEvents(network.client, "disputes", "Answered", [gameId], 0);
      assert.equal(answered?.args.index, BigInt(step));
      const group = Math.floor(step / 64);
      assert.match(sides[0].said().join("\n"), new RegExp(`enters group ${group} of 5[^]*answers: step ${step} `));
      assert.match(
        sides[1].said().join("\n"),
        new RegExp(`lays down the steps of group ${group}[^]*judges: step ${step} `),
      );
    });
  }

  it("wait for each other, and the node has the bond of a challenger who falls silent", async () => {
    const gameId = await game(TRUTH, lieIn(130));
    const defender = await side(gameId, "node", TRUTH);
    await defender.tend();
    assert.equal(await stateOf(gameId), DisputeState.Entered);
    const { deadline } = await getDispute(network.client, { disputeId: gameId });
    assert.equal(await defender.tend(), deadline + 1);
    await network.provider.send("evm_increaseTime", [60]);
    await network.provider.send("evm_mine", []);
    await defender.tend();
    assert.equal(await stateOf(gameId), DisputeState.ChallengerLost);
    assert.deepEqual(defender.sender.kinds, ["enter", "timeout"]);
  });

  it("say so where the challenger is right: a node that makes every group as it does enters none", async () => {
    const gameId = await game(lieIn(130), TRUTH);
    const turncoat = await side(gameId, "node", TRUTH);
    await turncoat.tend();
    assert.deepEqual(turncoat.sender.kinds, []);
    assert.match(turncoat.said().join(), /the challenger is right/);
  });
});
