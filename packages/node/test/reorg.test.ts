import { strict as assert } from "node:assert";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";

import {
  getJob,
  getRound,
  getSeats,
  isFinalState,
  JobState,
  unpackJob,
  type PackedJob,
  type RequestedJob,
} from "@opg-protocol/sdk";

import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";

const NODES = 3;
/** Chain seconds in which to seal, and milliseconds that one of them lasts here: enough for a machine that is busy. */
const SEALING = { sealPeriod: 10 };
const SECOND = 500;

describe("Daemons on a chain that is reorganised", () => {
  let network: TestNetwork;
  let nodes: TestNode[];
  let daemons: DaemonProcess[];

  before(async () => {
    network = await TestNetwork.start();
    nodes = [];
    for (let i = 1; i <= NODES; i += 1) nodes.push(await network.addNode(i));
    daemons = nodes.map((node) => new DaemonProcess(node));
    for (const daemon of daemons) daemon.start();
    await Promise.all(daemons.map((daemon) => daemon.ready()));
    await network.serving(nodes);
  });

  beforeEach(() => {
    network.run(SECOND);
  });
  afterEach(() => network.pause());

  after(async () => {
    await Promise.all(daemons.map((daemon) => daemon.kill()));
    await network.stop();
  });

  const counts = async (job: PackedJob) => (await getRound(network.client, { job, attempt: 0 })).round;

  async function final({ jobId }: RequestedJob): Promise<JobState> {
    let state: JobState = JobState.None;
    await eventually(`job ${jobId} is final`, async () => {
      state = (await getJob(network.client, { jobId })).record.state;
      return isFinalState(state);
    });
    return state;
  }

  it("seals again what was sealed in blocks that are gone, with the same commitment [T131 D05]", async () => {
    const job = await network.order(SEALING);
    await eventually("all have sealed", async () => (await counts(job.packed)).sealedCount === NODES);
    await network.pause();
    const before = (await getSeats(network.client, { job: job.packed })).flat();
    const head = await network.provider.getBlockNumber();
    // Everything after the seed's block: the draw stays, the seals go.
    const { requestBlock } = unpackJob(job.packed);
    const sealed = await firstSeal(job.packed);
    assert.ok(sealed > requestBlock);
    await network.reorganise(head - sealed + 1);
    assert.equal((await counts(job.packed)).sealedCount, 0);

    network.run(SECOND);
    assert.equal(await final(job), JobState.Agreed);
    const seats = (await getSeats(network.client, { job: job.packed })).flat();
    assert.deepEqual(
      seats.map(({ node, commitment }) => ({ node, commitment })),
      before.map(({ node, commitment }) => ({ node, commitment })),
    );
    for (const { node, outputRoot } of seats) assert.ok(outputRoot !== undefined, `${node} did not reveal`);
  });

  it("reveals again what was revealed in blocks that are gone", async () => {
    const job = await network.order(SEALING);
    await eventually("somebody has revealed", async () => (await counts(job.packed)).revealedCount > 0);
    await network.pause();
    await network.reorganise(1);
    network.run(SECOND);
    assert.equal(await final(job), JobState.Agreed);
    for (const { node, outputRoot } of (await getSeats(network.client, { job: job.packed })).flat()) {
      assert.ok(outputRoot !== undefined, `${node} did not reveal`);
    }
  });

  it("forgets a job whose order is gone, and answers the one that comes instead", async () => {
    const lost = await network.order({ ...SEALING, nonce: 1n });
    await network.pause();
    const head = await network.provider.getBlockNumber();
    await network.reorganise(head - unpackJob(lost.packed).requestBlock + 1);
    assert.equal((await network.client.market.jobOf(lost.jobId)).record, 0n);

    network.run(SECOND);
    const again = await network.order({ ...SEALING, nonce: 2n });
    assert.equal(await final(again), JobState.Agreed);
  });

  async function firstSeal(job: PackedJob): Promise<number> {
    const { commitments } = network.client;
    const { roundId } = await getRound(network.client, { job, attempt: 0 });
    const [first] = await commitments.queryFilter(commitments.filters.ResultSealed(roundId));
    assert.ok(first !== undefined);
    return first.blockNumber;
  }
});
