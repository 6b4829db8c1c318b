import { strict as assert } from "node:assert";
import { afterEach, beforeEach, describe, it } from "node:test";

import {
  findEvents,
  getBalance,
  getSeats,
  getStatement,
  getVerdict,
  JobState,
  type PackedJob,
  requestInference,
  roundIdOf,
  Verdict,
  waitForResult,
} from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";
import { answersAlone, image, Liars, publishRefereed, servingAlone, trueRoot } from "./support/refereed.ts";

const BONDS = parseEther("3000");
/** A seat locks far more than two prices and four bonds: 2,100 OPG. */
const STAKE = parseEther("20000");
const TERMS = { seatPrice: parseEther("1"), sealPeriod: 3, collateralFactor: 2_100, windowPeriod: 60 };
const PERIOD = 300;

describe("A watcher of a round in which several seats lie", () => {
  let liars: Liars;
  let network: TestNetwork;
  let versionId: string;
  let honest: TestNode;
  let lying: TestNode[];
  let watcher: TestNode;
  let honestDaemon: DaemonProcess;
  let watching: DaemonProcess;

  beforeEach(async () => {
    liars = new Liars();
    network = await TestNetwork.start();
    versionId = await publishRefereed(network);
    const serves = answersAlone(versionId);
    honest = await network.addNode(1, serves, STAKE);
    lying = [await network.addNode(2, serves, STAKE), await network.addNode(3, serves, STAKE)];
    watcher = await network.addWatcher(BONDS);
    honestDaemon = new DaemonProcess(honest);
    watching = new DaemonProcess(watcher, "watch");
    for (const daemon of [honestDaemon, watching]) daemon.start();
    for (const liar of lying) await liars.start(liar);
    await honestDaemon.ready();
    await servingAlone(network, versionId, [honest, ...lying]); // who answers alone has the version admitted
    await network.serving([honest, ...lying], versionId);
    network.run(PERIOD);
  });

  afterEach(async () => {
    await liars.stop();
    await Promise.all([honestDaemon.kill(), watching.kill()]);
    await network.stop();
  });

  /** Who has seats in a job, with what was found of what each has stated, and who challenged it. */
  async function found(packed: PackedJob) {
    const { client } = network;
    const roundId = roundIdOf(client, packed, 0);
    const seats = (await getSeats(client, { job: packed })).flat();
    return Promise.all(
      seats.map(async ({ node, outputRoot = "" }) => {
        const { statement, statementId } = await getStatement(client, { roundId, node, outputRoot });
        const games = await findEvents(client, "disputes", "Challenged", [statementId], 0);
        const challengers = games.map(({ args }) => args.game.challenger);
        return { node, verdict: await getVerdict(client, { statement }), challengers };
      }),
    );
  }

  const order = async (seed: number, quorum: number) =>
    requestInference(network.client, { ...TERMS, versionId, input: { tensors: [image(seed)] }, quorum });

  it("proves each lie, because a verdict holds for one statement, and the honest one decides the job [I22]", async () => {
    const { client } = network;
    const { jobId, packed } = await order(6, 1 + lying.length);
    const { state, settlement } = await waitForResult(client, { jobId, pollingInterval: 200 });
    assert.equal(state, JobState.Decided);
    assert.equal(settlement?.outputRoot, trueRoot(6));

    const seats = new Map((await found(packed)).map(({ node, ...rest }) => [node, rest]));
    assert.deepEqual(seats.get(honest.node), { verdict: Verdict.Upheld, challengers: [] });
    for (const { node } of lying) {
      assert.deepEqual(seats.get(node), { verdict: Verdict.False, challengers: [watcher.node] });
    }
  });

  it("settles a round in which all lie, because nobody else will, and has its reward", async () => {
    const { client } = network;
    await honestDaemon.kill();
    const before = (await getBalance(client, { account: watcher.node })).balance;
    const { jobId, packed } = await order(7, lying.length);
    await eventually("all have revealed", async () => {
      const seats = (await getSeats(client, { job: packed })).flat();
      return seats.length === lying.length && seats.every(({ outputRoot }) => outputRoot !== undefined);
    });
    await liars.stop();
    const { state } = await waitForResult(client, { jobId, pollingInterval: 200 });
    assert.equal(state, JobState.Undecided);
    for (const { verdict, challengers } of await found(packed)) {
      assert.deepEqual([verdict, challengers], [Verdict.False, [watcher.node]]);
    }
    assert.ok((await getBalance(client, { account: watcher.node })).balance > before);
  });
});
