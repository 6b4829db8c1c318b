import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { getJob, isFinalState } from "@opg-protocol/sdk";

import { Random } from "../../../test/model/Random.ts";
import { BOUNDARIES } from "./support/boundaries.ts";
import { DaemonProcess } from "./support/daemon.ts";
import { eventually, TestNetwork, type TestNode } from "./support/network.ts";
import { assertAgreed, assertSealedOnce } from "./support/sealers.ts";

const NODES = 3;
const LEAST_KILLS = Number(process.env.KILLS ?? 100);
const SEED = Number(process.env.SEED ?? 1);
/** Chains beside each other: most of the time one waits for its clock. */
const CHAINS = 2;
/** Milliseconds of a chain's second. */
const SLOW = 250;
/** Chain seconds in which to seal: enough for a daemon that is killed again as soon as it has started. */
const SEALING = { sealPeriod: 6 };
/** No boundary, but any instant between two, within so many milliseconds after a start. */
const INSTANT = "at any instant";
const MOST_LIFE = 6_000;
/** With each block this is passed, all else once in a job. */
const MOST_TURNS: Readonly<Record<string, number>> = {
  "before committing what was read": 8,
  "after committing what was read": 8,
};

interface Death {
  readonly boundary: string;
  /** The time of passing it at which to die. */
  readonly turn: number;
  /** Milliseconds until then where it is no boundary. */
  readonly life: number;
}

/** Gives each place to die as often as any other, in an order that the seed repeats. */
class Deaths {
  readonly #random: Random;
  #left: string[] = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  draw(): Death {
    if (this.#left.length === 0) this.#left = [...BOUNDARIES, INSTANT];
    const boundary = this.#random.pick(this.#left);
    this.#left = this.#left.filter((other) => other !== boundary);
    const turn = this.#random.between(1, MOST_TURNS[boundary] ?? 1);
    return { boundary, turn, life: this.#random.between(0, MOST_LIFE) };
  }
}

/** A node, and a daemon of it that is killed again and again. */
class Victim {
  readonly node: TestNode;
  readonly daemon: DaemonProcess;
  /** Where it was killed, oldest first. */
  readonly deaths: string[] = [];
  readonly #next: Deaths;
  readonly #over = new AbortController();
  #life: Promise<void> | undefined;

  constructor(node: TestNode, next: Deaths) {
    this.node = node;
    this.daemon = new DaemonProcess(node);
    this.#next = next;
  }

  /** Starts it with a boundary to die at, and again with another one when it has died. */
  begin(): void {
    this.#life = this.#live();
  }

  async end(): Promise<void> {
    this.#over.abort();
    await this.daemon.kill();
    await this.#life;
  }

  async #live(): Promise<void> {
    for (;;) {
      const { boundary, turn, life } = this.#next.draw();
      this.daemon.preload("killAt.ts", { KILL_AT: boundary, KILL_TURN: String(turn) });
      this.daemon.start();
      if (boundary === INSTANT) void this.#killAfter(life);
      const code = await this.daemon.ended();
      if (this.#over.signal.aborted) return;
      if (code !== null) return; // whoever waits for it to be ready is told
      this.deaths.push(boundary);
    }
  }

  async #killAfter(milliseconds: number): Promise<void> {
    await sleep(milliseconds);
    await this.daemon.kill();
  }
}

/** A chain with its nodes. */
interface Place {
  readonly network: TestNetwork;
  readonly victims: readonly Victim[];
}

describe("A daemon that is killed between any two steps", () => {
  const places: Place[] = [];
  const next = new Deaths(SEED);

  before(async () => {
    for (let i = 0; i < CHAINS; i += 1) places.push(await start());
  });

  after(async () => {
    for (const { network, victims } of places) {
      await network.pause(); // its last block waits for daemons
      await Promise.all(victims.map((victim) => victim.end()));
      await network.stop();
    }
  });

  async function start(): Promise<Place> {
    const network = await TestNetwork.start();
    const nodes: TestNode[] = [];
    for (let i = 1; i <= NODES; i += 1) nodes.push(await network.addNode(i));
    const victims = nodes.map((node) => new Victim(node, next));
    const place = { network, victims };
    for (const { daemon } of victims) daemon.start();
    await ready(place);
    await network.serving(nodes);
    await Promise.all(victims.map(({ daemon }) => daemon.kill()));
    return place;
  }

  const ready = ({ victims }: Place) => Promise.all(victims.map(({ daemon }) => daemon.ready()));
  const deaths = () => places.flatMap(({ victims }) => victims.flatMap((victim) => victim.deaths));

  /** Sees a job to its end: what all have sealed is revealed, and nobody has tried to seal twice. */
  async function playJob(place: Place): Promise<void> {
    const { network } = place;
    const { client } = network;
    // What matters is what they do after a restart, not how fast this machine restarts them.
    network.run(SLOW, () => ready(place));
    const order = await network.order(SEALING);
    const { jobId } = order;
    await eventually(`job ${jobId} is final`, async () => isFinalState((await getJob(client, { jobId })).record.state));
    await network.pause();
    await assertAgreed(network, order);
  }

  it(`reveals after restart what it has sealed, and seals nothing twice, ${LEAST_KILLS} times [T128 D02 D03]`, async (t) => {
    for (const { victims } of places) for (const victim of victims) victim.begin();
    try {
      await Promise.all(
        places.map(async (place) => {
          while (deaths().length < LEAST_KILLS) await playJob(place);
        }),
      );
    } catch (error) {
      const last = places.flatMap(({ victims }) => victims.map(({ node, deaths }) => `${node.node}: ${deaths.at(-1)}`));
      throw new Error(`SEED=${SEED}; killed last\n${last.join("\n")}`, { cause: error });
    }
    const victims = places.flatMap((place) => place.victims);
    await Promise.all(victims.map((victim) => victim.end()));
    for (const { node } of victims) assertSealedOnce(node, `SEED=${SEED}`);
    const counts = Object.fromEntries(
      [...BOUNDARIES, INSTANT].map((boundary) => [boundary, deaths().filter((death) => death === boundary).length]),
    );
    t.diagnostic(`SEED=${SEED} ${JSON.stringify(counts)}`);
    for (const [boundary, count] of Object.entries(counts)) assert.ok(count > 0, `SEED=${SEED}: no kill ${boundary}`);
  });
});
