import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { isFinalState, JobState, getJob, getSeats } from "@opg-protocol/sdk";

import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";

/** Every node is killed once in each job. */
const NODES = 3;
const LEAST_KILLS = 100;
/** Chains beside each other: most of the time one waits for its clock. */
const CHAINS = 2;
/** Instants are drawn from so many seconds of the chain after an order: from its seals and reveals. */
const JOB_SECONDS = 8;
/** Milliseconds of such a second. */
const SLOW = 250;

/** A chain with its nodes. */
interface Place {
  readonly network: TestNetwork;
  readonly daemons: readonly DaemonProcess[];
}

describe("A daemon that is killed at any instant", () => {
  const places: Place[] = [];

  before(async () => {
    for (let i = 0; i < CHAINS; i += 1) places.push(await start());
  });

  after(async () => {
    for (const { network, daemons } of places) {
      await Promise.all(daemons.map((daemon) => daemon.kill()));
      await network.stop();
    }
  });

  async function start(): Promise<Place> {
    const network = await TestNetwork.start();
    const nodes: TestNode[] = [];
    for (let i = 1; i <= NODES; i += 1) nodes.push(await network.addNode(i));
    const daemons = nodes.map((node) => new DaemonProcess(node));
    for (const daemon of daemons) daemon.start();
    await Promise.all(daemons.map((daemon) => daemon.ready()));
    await network.serving(nodes);
    return { network, daemons };
  }

  /** Kills each node once in a job, starts it again, and sees the job to its end; gives the seals that were not revealed yet. */
  async function killAll({ network, daemons }: Place): Promise<number> {
    network.run(SLOW);
    const { jobId, packed } = await network.order();
    await Promise.all(
      daemons.map(async (daemon) => {
        const instant = Math.random() * JOB_SECONDS;
        await network.passed(Math.floor(instant));
        await sleep((instant % 1) * SLOW);
        await daemon.kill();
      }),
    );
    // What matters is what they do after a restart, not how fast this machine restarts them.
    await network.pause();
    const sealed = (await getSeats(network.client, { job: packed })).flat().filter((seat) => !seat.outputRoot).length;
    for (const daemon of daemons) daemon.start();
    await Promise.all(daemons.map((daemon) => daemon.ready()));
    network.run();
    await eventually(`job ${jobId} is final`, async () => {
      const { record } = await getJob(network.client, { jobId });
      return isFinalState(record.state);
    });
    await network.pause();

    const { record } = await getJob(network.client, { jobId });
    const seats = (await getSeats(network.client, { job: packed })).flat();
    assert.equal(record.state, JobState.Agreed, `job ${jobId} ended in state ${record.state}`);
    for (const seat of seats) assert.notEqual(seat.outputRoot, undefined, `${seat.node} lost its reveal of ${jobId}`);
    return sealed;
  }

  it(`reveals after restart what it has sealed, ${LEAST_KILLS} times [T128 D02 D03]`, async () => {
    let kills = 0;
    let sealsBefore = 0;
    await Promise.all(
      places.map(async (place) => {
        while (kills < LEAST_KILLS) {
          kills += NODES;
          const sealed = await killAll(place);
          sealsBefore += sealed;
        }
      }),
    );
    assert.ok(kills >= LEAST_KILLS);
    // The instants were not all harmless: some fell between a seal and its reveal.
    assert.ok(sealsBefore > 0, "no kill fell between a seal and its reveal");
  });
});
