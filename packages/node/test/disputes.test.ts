import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";

import {
  answerOptimistic,
  challenge,
  createClient,
  DisputeState,
  encodePayload,
  findEvents,
  getAnswer,
  getBondBalance,
  getClosing,
  getDispute,
  getOptimisticServing,
  getSharers,
  getStatement,
  getVerdict,
  optimisticRoundIdOf,
  OptimisticState,
  payloadRoot,
  Verdict,
} from "@opg-protocol/sdk";
import { NonceManager, parseEther } from "ethers";

import { loadSigner } from "../dist/keys/Keystore.js";
import { DaemonProcess } from "./support/daemon.ts";
import { BIN, eventually, TestNetwork, type TestNode } from "./support/network.ts";
import {
  answersAlone,
  falseRun,
  image,
  Liars,
  orderAlone,
  publishRefereed,
  servingAlone,
  trueRoot,
} from "./support/refereed.ts";

const BONDS = parseEther("3000");
const STAKE = parseEther("20000");
/** A chain's second in milliseconds: a clock of ten seconds leaves a loaded machine time enough. */
const PERIOD = 300;

describe("An honest node, a lying node, and one watcher", () => {
  const liars = new Liars();
  let network: TestNetwork;
  let versionId: string;
  let honest: TestNode;
  let watcher: TestNode;
  /** A folder that the watcher cannot read. */
  let secrets: string;
  let daemons: DaemonProcess[];

  before(async () => {
    network = await TestNetwork.start();
    versionId = await publishRefereed(network);
    secrets = mkdtempSync(join(tmpdir(), "opg-node-test-"));
    honest = await network.addNode(1, answersAlone(versionId), STAKE);
    watcher = await network.addWatcher(BONDS);
    const honestDaemon = new DaemonProcess(honest);
    daemons = [honestDaemon, new DaemonProcess(watcher, "watch")];
    for (const daemon of daemons) daemon.start();
    await honestDaemon.ready();
    await servingAlone(network, versionId, [honest]);
    network.run(PERIOD);
  });

  after(async () => {
    await liars.stop();
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    await network.stop();
    rmSync(secrets, { recursive: true });
  });

  /** A node that lies until it is found out, and then serves no more. */
  async function addLiar(index: number): Promise<TestNode> {
    const fileRoots = [network.folder, secrets];
    const liar = await network.addNode(index, { ...answersAlone(versionId), fetch: { fileRoots } }, STAKE);
    await liars.start(liar);
    await servingAlone(network, versionId, [liar]);
    return liar;
  }

  const stories = (folder: string) =>
    JSON.parse(execFileSync(process.execPath, [BIN, "--data", folder, "disputes", "--json"], { encoding: "utf8" })) as {
      readonly disputes: readonly {
        readonly kind: string;
        readonly state: string;
        readonly notes: readonly { readonly text: string }[];
      }[];
    };

  it("settles a true answer when its window is over, and nobody challenges it", async () => {
    const { client } = network;
    const { jobId } = await orderAlone(network, versionId, 1, { node: honest.node, windowPeriod: 30 });
    await eventually("it is closed", async () => (await getClosing(client, { jobId })) !== undefined);
    const closing = await getClosing(client, { jobId });
    assert.equal(closing?.state, OptimisticState.Answered);
    assert.equal(closing.outputRoot, trueRoot(1));
    const { earned } = await getOptimisticServing(client, { node: honest.node, versionId });
    assert.equal(earned, parseEther("1"));
    assert.deepEqual(await findEvents(client, "disputes", "Challenged", [], 0), []);
  });

  it("finds the lie, wins the game against a liar that defends it, and has it slashed, without a hand", async () => {
    const { client } = network;
    const liar = await addLiar(2);
    const before = (await client.staking.ownStakeOf(liar.node)).bonded;
    const { jobId, packed } = await orderAlone(network, versionId, 2, { node: liar.node });
    await eventually("the liar is slashed", async () => (await client.staking.ownStakeOf(liar.node)).bonded < before);

    const answer = await getAnswer(client, { job: packed, attempt: 0 });
    assert.notEqual(answer?.outputRoot, trueRoot(2));
    const [opened] = await findEvents(client, "disputes", "Challenged", [], 0);
    assert.ok(opened);
    const { gameId, game } = opened.args;
    assert.equal(game.challenger, watcher.node);
    assert.ok(game.rank < BigInt(opened.blockNumber), "it was sealed before");
    assert.equal((await getDispute(client, { disputeId: gameId })).state, DisputeState.NodeLost);
    for (const name of ["Answered", "Picked", "Shown"] as const) {
      assert.equal((await findEvents(client, "disputes", name, [gameId], 0)).length, 1, name);
    }
    assert.equal(await getBondBalance(client, { account: watcher.node }), BONDS);
    assert.ok((await client.optimistic.accountOf(watcher.node)).balance > 0n, "the watcher has its reward");
    assert.equal(await getClosing(client, { jobId }), undefined, "a second node may finish");

    const [, game_] = stories(watcher.folder).disputes;
    assert.equal(game_?.kind, "game");
    assert.match(game_.notes.map(({ text }) => text).join("\n"), /picks part \d+[^]*judges: step 1/);
  });

  it("defends a true answer against a false challenger, who loses its bond to the node", async () => {
    const { client } = network;
    const { packed } = await orderAlone(network, versionId, 3, { node: honest.node });
    const roundId = optimisticRoundIdOf(client, packed, 0);
    await eventually(
      "it is answered",
      async () => (await getAnswer(client, { job: packed, attempt: 0 })) !== undefined,
    );
    const { statement } = await getStatement(client, { roundId, node: honest.node, outputRoot: trueRoot(3) });
    const before = await getBondBalance(client, { account: honest.node });
    const { gameId, game } = await challenge(client, { statement, run: falseRun(3), isSealed: false });
    await eventually("it is over", async () => {
      const { state } = await getDispute(client, { disputeId: gameId });
      return state === DisputeState.ChallengerLost;
    });
    const earned = (await getBondBalance(client, { account: honest.node })) - before;
    assert.equal(earned, (game.bond * 6n) / 10n);
    const [story] = stories(honest.folder).disputes;
    assert.match(
      story?.notes.map(({ text }) => text).join("\n") ?? "",
      /answers: step 1[^]*ended well: ChallengerLost/,
    );
  });

  it("demands an input that only the node can have, and proves the lie with what that must supply [T066]", async () => {
    const { client } = network;
    const liar = await addLiar(3);
    const path = join(secrets, "input");
    writeFileSync(path, encodePayload([image(4)]));
    const input = { uri: pathToFileURL(path).href, inputRoot: payloadRoot([image(4)]) };
    const { packed } = await orderAlone(network, versionId, 4, { node: liar.node, input });
    const roundId = optimisticRoundIdOf(client, packed, 0);
    await eventually("it is stated", async () => (await getAnswer(client, { job: packed, attempt: 0 })) !== undefined);
    const outputRoot = (await getAnswer(client, { job: packed, attempt: 0 }))?.outputRoot ?? "";
    const { statement, statementId } = await getStatement(client, { roundId, node: liar.node, outputRoot });
    await eventually("it is found false", async () => (await getVerdict(client, { statement })) === Verdict.False);
    const [demanded] = await findEvents(client, "disputes", "WordsDemanded", [statementId], 0);
    assert.equal(demanded?.args.demand.payer, watcher.node);
    const { state } = await getDispute(client, { disputeId: demanded.args.demandId });
    assert.equal(state, DisputeState.Supplied);
  });

  it("refutes an output of an input that the model does not take, without a bond", async () => {
    const { client } = network;
    const liar = await addLiar(4);
    const flat = { ...image(5), shape: [3_200] };
    const { packed } = await orderAlone(network, versionId, 5, { node: liar.node, input: { tensors: [flat] } });
    // The daemon would keep away, so its key answers without it: alone, or both would take the same nonce.
    await liars.stop();
    const key = await loadSigner(join(liar.folder, "signer.json"), join(liar.folder, "signer.password"));
    const signer = new NonceManager(key.connect(network.provider));
    const { addresses } = client;
    const unruly = await createClient({ provider: network.provider, signer, addresses });
    const outputRoot = trueRoot(5);
    const { roundId } = await answerOptimistic(unruly, { job: packed, node: liar.node, outputRoot });
    const { statement, statementId } = await getStatement(client, { roundId, node: liar.node, outputRoot });
    await eventually("it is refuted", async () => (await getVerdict(client, { statement })) === Verdict.False);
    const { challengers } = await getSharers(client, { statementId });
    assert.deepEqual(challengers, [watcher.node]);
    assert.deepEqual(await findEvents(client, "disputes", "Challenged", [statementId], 0), []);
  });
});
