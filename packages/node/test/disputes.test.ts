import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { after, before, describe, it } from "node:test";

import {
  challenge,
  DisputeState,
  findEvents,
  getAnswer,
  getBondBalance,
  getClosing,
  getDispute,
  getOptimisticServing,
  getStatement,
  optimisticRoundIdOf,
  OptimisticState,
} from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { loadConfig } from "../dist/config/Config.js";
import { Daemon } from "../dist/Daemon.js";
import { createLogger } from "../dist/log.js";
import { DaemonProcess } from "./support/daemon.ts";
import { BIN, eventually, TestNetwork, type TestNode } from "./support/network.ts";
import {
  answersAlone,
  falseRun,
  LIAR,
  orderAlone,
  publishRefereed,
  servingAlone,
  trueRoot,
} from "./support/refereed.ts";

const BONDS = parseEther("3000");
/** A chain's second in milliseconds: a clock of ten seconds leaves a loaded machine time enough. */
const PERIOD = 200;

describe("An honest node, a lying node, and one watcher", () => {
  const stop = new AbortController();
  let network: TestNetwork;
  let versionId: string;
  let honest: TestNode;
  let liar: TestNode;
  let watcher: TestNode;
  let daemons: DaemonProcess[];
  let lying: Daemon;
  let running: Promise<void>;

  before(async () => {
    network = await TestNetwork.start();
    versionId = await publishRefereed(network);
    honest = await network.addNode(1, answersAlone(versionId));
    liar = await network.addNode(2, answersAlone(versionId));
    watcher = await network.addWatcher(BONDS);
    const honestDaemon = new DaemonProcess(honest);
    daemons = [honestDaemon, new DaemonProcess(watcher, "watch")];
    for (const daemon of daemons) daemon.start();
    const log = createLogger("silent", false);
    lying = await Daemon.init(liar.folder, loadConfig(liar.folder), log, stop.signal, LIAR);
    running = lying.run(stop.signal);
    await honestDaemon.ready();
    await servingAlone(network, versionId, [honest, liar]);
    network.run(PERIOD);
  });

  after(async () => {
    stop.abort();
    await running;
    await lying.close();
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    await network.stop();
  });

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
    const before = (await client.staking.ownStakeOf(liar.node)).bonded;
    const { jobId, packed } = await orderAlone(network, versionId, 2, { node: liar.node });
    await eventually(
      "the liar is slashed",
      async () => (await client.staking.ownStakeOf(liar.node)).bonded < before,
      90,
    );

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
});
