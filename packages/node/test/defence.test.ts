import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  challenge,
  depositBond,
  DisputeState,
  getAnswer,
  getBondBalance,
  getDispute,
  getStatement,
  optimisticRoundIdOf,
  pick,
  type Statement,
} from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";
import { answersAlone, falseRun, orderAlone, publishRefereed, servingAlone, trueRoot } from "./support/refereed.ts";

const GAMES = 6;
/** Most of the time passes while it starts again. Seconds. */
const PATIENCE = 240;
const PERIOD = 300;
/** Between two kills, in starts: a move takes about as long as a start, on a busy machine, too. */
const LEAST_LIFE = 0.2;
const MOST_LIFE = 1.5;

describe("A defender that is killed at any instant", () => {
  let network: TestNetwork;
  let versionId: string;
  let node: TestNode;
  let daemon: DaemonProcess;
  /** How long the daemon took to start last, milliseconds. */
  let startTime: number;

  before(async () => {
    network = await TestNetwork.start();
    versionId = await publishRefereed(network);
    node = await network.addNode(1, answersAlone(versionId));
    daemon = new DaemonProcess(node);
    await start();
    await servingAlone(network, versionId, [node]);
    network.run(PERIOD);
  });

  after(async () => {
    await daemon.kill();
    await network.stop();
  });

  async function start(): Promise<void> {
    const begunAt = performance.now();
    daemon.start();
    await daemon.ready();
    startTime = performance.now() - begunAt;
  }

  const stateOf = async (gameId: string) => (await getDispute(network.client, { disputeId: gameId })).state;

  /** Starts it again; the chain waits, because its clocks are shorter than a start can take. */
  async function revive(): Promise<void> {
    await network.pause();
    await start();
    network.run(PERIOD);
  }

  /** Has a true answer of the node. */
  async function answered(seed: number): Promise<Statement> {
    const { client } = network;
    const { packed } = await orderAlone(network, versionId, seed, { node: node.node, windowPeriod: 90 });
    await eventually("it answers", async () => (await getAnswer(client, { job: packed, attempt: 0 })) !== undefined);
    const roundId = optimisticRoundIdOf(client, packed, 0);
    return (await getStatement(client, { roundId, node: node.node, outputRoot: trueRoot(seed) })).statement;
  }

  /** Challenges a true answer with a lie. */
  async function slander(statement: Statement, seed: number, gameIds: string[]): Promise<string> {
    const { gameId } = await challenge(network.client, { statement, run: falseRun(seed), isSealed: false });
    gameIds.push(gameId);
    return gameId;
  }

  /** Plays the challenger's part until the game is over. */
  async function play(gameId: string, seed: number): Promise<void> {
    const { client } = network;
    await eventually("it answers the challenge", async () => (await stateOf(gameId)) !== DisputeState.Asked, PATIENCE);
    if ((await stateOf(gameId)) === DisputeState.Answered) await pick(client, { gameId, run: falseRun(seed) });
    await eventually("the game is over", async () => (await stateOf(gameId)) > DisputeState.Demanded, PATIENCE);
  }

  it(`loses none of ${GAMES} games, killed before, between and after its moves [T128 I23]`, async () => {
    const { client } = network;
    await depositBond(client, { amount: BigInt(GAMES) * parseEther("700") });
    const before = await getBondBalance(client, { account: node.node });
    const gameIds: string[] = [];
    const over = new AbortController();
    // One challenge comes while it is down, so that one kill falls before a move for sure.
    const statement = await answered(0);
    await daemon.kill();
    const first = await slander(statement, 0, gameIds);
    assert.equal(await stateOf(first), DisputeState.Asked);
    await revive();
    const games = Promise.all(
      Array.from({ length: GAMES }, async (_, seed) => {
        await play(seed === 0 ? first : await slander(await answered(seed), seed, gameIds), seed);
      }),
    ).finally(() => {
      over.abort();
    });
    const killing = (async () => {
      while (!over.signal.aborted) {
        await sleep(startTime * (LEAST_LIFE + Math.random() * (MOST_LIFE - LEAST_LIFE)));
        await daemon.kill();
        await revive();
      }
    })();
    await Promise.all([games, killing]);
    for (const gameId of gameIds) {
      assert.equal(await stateOf(gameId), DisputeState.ChallengerLost, daemon.output.slice(-3_000));
    }
    const earned = (await getBondBalance(client, { account: node.node })) - before;
    assert.equal(earned, parseEther("0.6") * BigInt(GAMES), "it earns its part of each bond of 1 OPG");
  });
});
