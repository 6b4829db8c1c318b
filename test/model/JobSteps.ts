import { id, parseEther, ZeroAddress, ZeroHash } from "ethers";

import { JobState, type Order } from "../../packages/sdk/src/codecs/job.ts";
import { unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import type { JobModel } from "./JobModel.ts";
import { courseOf, firstSeed } from "./policy.ts";
import type { Random } from "./Random.ts";
import type { Call, PackFault, SeatFault, Step } from "./steps.ts";
import { rootOf, type World } from "./World.ts";

const RIGHT = 1;
const ANSWERS = [RIGHT, 2, 3];
const ERRORS = [4, 5];
const FAULTS: readonly SeatFault[] = ["missing", "doubled", "descending", "foreign"];
const PACK_FAULTS: readonly PackFault[] = ["missing", "reversed", "repeated", "later"];
const MOST_LIVE_JOBS = 4;
const INPUT_BYTES = 60;
const LEAST_BALANCE = parseEther("500");
const FORGETTING_BLOCKS = 260;

/** How the nodes of one job behave: how often one seals another answer than the rest, or stays silent. */
interface Temper {
  readonly answers: readonly number[];
  readonly dissent: number;
  readonly silence: number;
}
const CALM: Temper = { answers: [RIGHT], dissent: 0, silence: 0 };
const TEMPERS: readonly Temper[] = [
  CALM,
  CALM,
  { answers: [RIGHT], dissent: 0, silence: 0.25 },
  { answers: [RIGHT], dissent: 0, silence: 0.7 },
  { answers: ANSWERS, dissent: 0.2, silence: 0 },
  { answers: ANSWERS, dissent: 0.3, silence: 0 },
  { answers: ANSWERS, dissent: 0.3, silence: 0.15 },
  { answers: ANSWERS, dissent: 0.7, silence: 0.1 },
  { answers: ERRORS, dissent: 0, silence: 0.05 },
  { answers: ERRORS, dissent: 0.3, silence: 0.05 },
];

type Timed = Partial<Pick<Step, "seconds" | "blocks">>;

/** Makes the steps that take jobs from request to end, most of them where they are due. */
export class JobSteps {
  private requests = 0;
  private readonly live = new Set<number>();
  private readonly ended: number[] = [];
  private readonly tempers = new Map<number, Temper>();
  private readonly sealed = new Map<string, number>();
  private readonly silent = new Set<string>();

  constructor(
    private readonly random: Random,
    private readonly world: World,
  ) {}

  next(): Step {
    const { random, world } = this;
    const live = this.stillLive();
    if (live.length === 0 || (live.length < MOST_LIVE_JOBS && random.chance(0.1))) return this.request();
    // While entries are closed, which is seldom, what is left to do is tried more often.
    if (this.ended.length > 0 && random.chance(world.guardian.isPaused ? 0.15 : 0.06)) return this.afterTheEnd();
    const number = random.pick(live);
    return random.chance(0.1) ? this.untimely(number) : this.due(number, world.job(number));
  }

  /** The number of the next job, which is played from now on. */
  newJob(): number {
    const job = ++this.requests;
    this.tempers.set(job, this.random.pick(TEMPERS));
    this.live.add(job);
    return job;
  }

  private stillLive(): number[] {
    for (const number of this.live) {
      const job = this.world.jobs.get(number);
      if (job !== undefined && !job.isFinal) continue;
      this.live.delete(number);
      if (job !== undefined) this.ended.push(number);
    }
    return [...this.live];
  }

  private request(): Step {
    const { random, world } = this;
    const { cast } = world;
    const requester = random.pick(cast.requesters);
    const seconds = this.pauseToWaitFor();
    if (world.market.accounts.of(requester).balance < LEAST_BALANCE && random.chance(0.7)) {
      return this.step(requester, {
        kind: "deposit",
        ledger: "market",
        account: requester,
        amount: LEAST_BALANCE * 10n,
      });
    }
    const versionId = random.pick([...world.versions, world.versions[0]]);
    const model = world.registered(versionId);
    if (model.restricted && !model.allowed.has(requester) && random.chance(0.7)) {
      return this.step(model.owner, { kind: "setAllowed", version: versionId, requester, allowed: true });
    }
    const job = this.newJob();
    const called = random.chance(0.4);
    const order: Order = {
      requester,
      versionId,
      inputRoot: id(`input ${job}`),
      seatPrice: parseEther("0.5") + random.amount(parseEther("3")),
      quorum: random.pick([2, 2, 2, 3, 3, 4]),
      collateralFactor: random.between(10, 16),
      sealPeriod: random.between(2, this.maxSealPeriod),
      auditBps: random.pick([0, 0, 2_500, 10_000]),
      maxRoyalty: parseEther("2"),
      callback: called ? random.pick([cast.recorder, cast.recorder, cast.stranger]) : ZeroAddress,
      callbackGas: called ? 100_000 : 0,
      deliveryTip: called ? random.amount(parseEther("1")) : 0n,
      nonce: BigInt(job),
    };
    const spoilt = random.chance(0.08) ? this.spoil(order) : order;
    const from = random.chance(0.02) ? cast.stranger : requester;
    const inputBytes = random.pick([INPUT_BYTES, INPUT_BYTES, INPUT_BYTES, random.chance(0.1) ? 0 : INPUT_BYTES]);
    return this.step(from, { kind: "request", job, order: spoilt, inputBytes }, { seconds });
  }

  /** Seconds to the end of a pause, or one less; mostly nobody waits while there is something else to do. */
  private pauseToWaitFor(): number {
    const { random, world } = this;
    const { clock, guardian } = world;
    const waits = guardian.isPaused && random.chance(this.live.size === 0 ? 0.6 : 0.1);
    return waits ? guardian.pausedUntil - clock.now - random.int(2) : 0;
  }

  private get maxSealPeriod(): number {
    return Number(unpackRules(this.world.market.rules).maxSealPeriod);
  }

  private spoil(order: Order): Order {
    const faults: readonly Partial<Order>[] = [
      { inputRoot: ZeroHash },
      { seatPrice: 0n },
      { seatPrice: parseEther("100000") },
      { seatPrice: parseEther("1000") },
      { collateralFactor: 3 },
      { auditBps: 10_001 },
      { windowPeriod: 40 },
      { quorum: 1 },
      { quorum: 16 },
      { sealPeriod: 1 },
      { sealPeriod: this.maxSealPeriod + 1 },
      { callback: ZeroAddress, callbackGas: 1, deliveryTip: 0n },
      { callback: ZeroAddress, callbackGas: 0, deliveryTip: 1n },
      { callback: this.world.cast.recorder, callbackGas: 24_999 },
      { maxRoyalty: 0n },
      { versionId: id("unknown") },
    ];
    return { ...order, ...this.random.pick(faults) };
  }

  /** What moves a job on now, or after the shortest wait that lets it. */
  private due(number: number, job: JobModel): Step {
    const { clock, market } = this.world;
    const { round, draw } = job;
    if (job.seed === 0n) return this.beforeSeed(number, job);
    const sealing = round.sealedCount > 0 ? round.isSealing : clock.now < draw.lastSealEndsAt;
    if (sealing) return this.duringSealing(number, job);
    if (round.isPacked) return this.endPacked(number, job);
    if (round.sealedCount > 0 && !round.isOver) return this.duringReveals(number, job);
    const { next, awaitsSeedBlock } = courseOf(job, clock, market.constants.seedPeriod);
    if (next === JobState.Unanswered) return this.end("expire", number);
    if (next > JobState.Appeal) return this.end("settle", number);
    if (next !== job.state || awaitsSeedBlock) return this.advance(number);
    const blocks = this.random.chance(0.03) ? FORGETTING_BLOCKS : this.random.between(1, 3);
    return this.advance(number, { blocks });
  }

  private beforeSeed(number: number, job: JobModel): Step {
    const { random, world } = this;
    const { clock, market, cast } = world;
    if (random.chance(0.1)) return this.step(job.terms.requester, { kind: "cancel", job: number });
    const seeding = firstSeed(job, clock, market.constants.seedPeriod);
    if (seeding === "missed") return this.end("expire", number);
    if (typeof seeding !== "string" && clock.now >= job.startedAt) return this.advance(number);
    const blocks = Math.max(0, job.seedBlock + 1 - clock.block);
    const late = random.chance(0.04) ? market.constants.seedPeriod : 0;
    const seconds = Math.max(0, job.startedAt - clock.now) + late;
    if (late > 0 || random.chance(0.7)) return this.advance(number, { blocks, seconds });
    return this.commit(number, job, random.pick(cast.operators).node, { blocks, seconds });
  }

  private duringSealing(number: number, job: JobModel): Step {
    const { random, world } = this;
    const { clock, cast, market } = world;
    const { draw, round, startedAt } = job;
    if (clock.now < startedAt) return this.advance(number, { seconds: startedAt - clock.now });
    const step = Math.floor((clock.now - startedAt) / draw.step);
    const drawn = cast.operators.filter(
      ({ node }) => !job.rounds.some(({ entries }) => entries.has(node)) && market.isDrawn(job, node, job.seed, step),
    );
    const enough = round.sealedCount >= draw.least;
    if (round.isPacked) {
      if (drawn.length > 0 && random.chance(0.25)) return this.unpack(number);
      if (drawn.length > 0 && random.chance(0.1)) return this.relaySeals(number, job, drawn);
      return this.endPacked(number, job, { seconds: startedAt + (step + 1) * draw.step - clock.now });
    }
    const opens = round.sealedCount === 0 && drawn.length >= draw.least;
    if (opens && random.chance(0.3)) return this.relayAll(number, job, drawn);
    if (drawn.length > 1 && random.chance(0.2)) return this.relaySeals(number, job, drawn);
    if (drawn.length > 0 && !random.chance(enough ? 0.3 : 0.03)) {
      return this.commit(number, job, random.pick(drawn).node);
    }
    const seconds = startedAt + (step + 1) * draw.step - clock.now;
    if (enough) return this.reveal(number, job, { seconds });
    return this.commit(number, job, random.pick(cast.operators).node, { seconds });
  }

  /** What ends a packed round: it is shown where all have sealed alike and none is silent, or unpacked. */
  private endPacked(number: number, job: JobModel, timed: Timed = {}): Step {
    const { random, world } = this;
    const { seats } = job.round;
    const outputs = new Set(seats.map((node) => this.sealed.get(seatKey(job, node)) ?? RIGHT));
    const alike = outputs.size === 1 && this.unrevealed(job).length === seats.length && job.terms.auditBps === 0;
    const [output = RIGHT] = outputs;
    if (!random.chance(alike ? 0.85 : 0.15)) return this.unpack(number, timed);
    return this.step(world.cast.stranger, this.showing(number, random.chance(0.05) ? random.int(4) : output), timed);
  }

  private unpack(number: number, timed: Timed = {}): Step {
    const call: Call = { kind: "unpack", job: number, attempt: 0, fault: this.packFault() };
    return this.step(this.world.cast.stranger, call, timed);
  }

  private showing(number: number, output: number, attempt = 0): Call {
    const isSaltless = this.random.chance(0.03);
    return { kind: "revealPackedAndSettle", job: number, attempt, output, isSaltless, fault: this.packFault() };
  }

  private packFault(): PackFault {
    return this.random.chance(0.06) ? this.random.pick(PACK_FAULTS) : "none";
  }

  private duringReveals(number: number, job: JobModel): Step {
    const { random, world } = this;
    const { round } = job;
    const waiting = this.unrevealed(job);
    if (waiting.length > 1 && random.chance(0.25)) return this.relayReveals(number, job, waiting);
    if (waiting.length > 0) return this.reveal(number, job);
    const late = random.chance(0.05) ? world.market.constants.seedPeriod : 0;
    const seconds = round.revealEndsAt - world.clock.now + late;
    return random.chance(0.5) ? this.advance(number, { seconds }) : this.end("settle", number, { seconds });
  }

  /** A call on a job under way that is as likely as not refused. */
  private untimely(number: number): Step {
    const { random, world } = this;
    const job = world.job(number);
    const { node } = random.pick(world.cast.operators);
    const seated = job.round.seats.length > 0 ? random.pick(job.round.seats) : node;
    const fault = random.pick([...FAULTS, "none", "none"] as const);
    const output = random.int(ANSWERS.length + 1);
    const from = random.pick([world.cast.stranger, world.staking.of(node).signer, world.staking.of(seated).signer]);
    const caller = from === ZeroAddress ? world.cast.stranger : from;
    const calls: readonly Call[] = [
      { kind: "advance", job: number, fault },
      { kind: "settle", job: number, fault },
      { kind: "expire", job: number, fault },
      { kind: "cancel", job: number },
      { kind: "commit", job: number, node, output: RIGHT, blank: random.chance(0.3) },
      { kind: "commit", job: number, node: seated, output: RIGHT, blank: false },
      { kind: "reveal", job: number, attempt: random.int(3), node: seated, output },
      { kind: "reveal", job: number, attempt: random.int(3), node, output },
      { kind: "revealAndSettle", job: number, node: seated, output, fault },
      { kind: "unpack", job: number, attempt: random.int(3), fault: this.packFault() },
      this.showing(number, output, random.int(3)),
    ];
    return this.step(caller, random.pick(calls), { seconds: random.pick([0, 0, 0, 1, 5]) });
  }

  private afterTheEnd(): Step {
    const { random, world } = this;
    const number = random.pick(this.ended.slice(-12));
    const job = world.job(number);
    const found = [RIGHT, 2, 3, 4, 5].find((output) => job.result === rootOf(output));
    const output = found === undefined || random.chance(0.1) ? random.between(1, 5) : found;
    const deliver: Call = { kind: "deliver", job: number, output };
    const others: readonly Call[] = [
      { kind: "reclaimTip", job: number },
      { kind: "settle", job: number, fault: "none" },
      { kind: "advance", job: number, fault: "none" },
      { kind: "cancel", job: number },
      { kind: "unpack", job: number, attempt: 0, fault: this.packFault() },
      this.showing(number, RIGHT),
    ];
    const from = random.pick([world.cast.stranger, job.terms.requester]);
    return this.step(from, random.chance(0.7) ? deliver : random.pick(others));
  }

  /** Seals of all who are drawn in one transaction, mostly as they are packed. */
  private relayAll(number: number, job: JobModel, drawn: readonly { readonly node: string }[]): Step {
    const { random, world } = this;
    const count = random.between(job.draw.least, drawn.length);
    const nodes = drawn
      .map(({ node }) => node)
      .slice(0, count)
      .sort();
    const seals = (random.chance(0.05) ? nodes.toReversed() : nodes).map((node) => ({
      node,
      output: this.answerOf(number, job, node),
      signer: random.chance(0.01) ? world.cast.stranger : this.signerOf(node),
      isGarbled: random.chance(0.01),
    }));
    const all = random.chance(0.03) ? [...seals, ...seals.slice(-1)] : seals;
    return this.step(world.cast.stranger, { kind: "commitSigned", job: number, seals: all });
  }

  /** Seals of several nodes in one transaction, with some that are no good. */
  private relaySeals(number: number, job: JobModel, drawn: readonly { readonly node: string }[]): Step {
    const { random, world } = this;
    const { cast } = world;
    const seals = drawn.slice(0, random.between(2, 5)).map(({ node }) => ({
      node,
      output: this.answerOf(number, job, node),
      signer: random.chance(0.05) ? cast.stranger : this.signerOf(node),
      isGarbled: random.chance(0.04),
    }));
    const { node } = random.pick(cast.operators);
    const other = { node, output: RIGHT, signer: this.signerOf(node), isGarbled: false };
    const all = random.chance(0.3) ? [...seals, other] : random.chance(0.1) ? [...seals, ...seals] : seals;
    return this.step(cast.stranger, { kind: "sealMany", job: number, seals: all });
  }

  /** Reveals of several nodes in one transaction, with some that are no good; with the end of the job where nobody is left. */
  private relayReveals(number: number, job: JobModel, waiting: readonly string[]): Step {
    const { random, world } = this;
    const { cast } = world;
    const whole = random.chance(0.6);
    const nodes = whole ? waiting : waiting.slice(1);
    const reveals = nodes.map((node) => ({
      node,
      output: random.chance(0.05) ? random.int(4) : (this.sealed.get(seatKey(job, node)) ?? RIGHT),
      isSaltless: random.chance(0.03),
    }));
    const other = { node: random.pick(cast.operators).node, output: RIGHT, isSaltless: false };
    const all = random.chance(0.2) ? [...reveals, other] : reveals;
    const attempt = random.chance(0.03) ? random.int(3) : job.rounds.indexOf(job.round);
    const call: Call =
      whole && random.chance(0.6)
        ? { kind: "relayReveals", job: number, attempt, reveals: all, fault: this.fault() }
        : { kind: "revealMany", job: number, attempt, reveals: all };
    return this.step(cast.stranger, call);
  }

  /** What a node seals, which is noted for the reveal. */
  private answerOf(number: number, job: JobModel, node: string): number {
    const { random } = this;
    const temper = this.tempers.get(number) ?? CALM;
    const [usual = RIGHT, ...others] = temper.answers;
    const output = others.length > 0 && random.chance(temper.dissent) ? random.pick(others) : usual;
    const seat = seatKey(job, node);
    this.sealed.set(seat, output);
    if (random.chance(temper.silence)) this.silent.add(seat);
    return output;
  }

  private commit(number: number, job: JobModel, node: string, timed: Timed = {}): Step {
    const output = this.answerOf(number, job, node);
    const from = this.signerOf(node);
    return this.step(from, { kind: "commit", job: number, node, output, blank: false }, timed);
  }

  /** Seats of the running draw that are to reveal and have not done so. */
  private unrevealed(job: JobModel): string[] {
    const { entries, seats } = job.round;
    return seats.filter((node) => entries.get(node)?.output === undefined && !this.silent.has(seatKey(job, node)));
  }

  private reveal(number: number, job: JobModel, timed: Timed = {}): Step {
    const { random } = this;
    const waiting = this.unrevealed(job);
    const node = random.pick(waiting.length > 0 ? waiting : job.round.seats);
    const output = random.chance(0.02) ? random.int(4) : (this.sealed.get(seatKey(job, node)) ?? RIGHT);
    const last = waiting.length === 1;
    const from = this.signerOf(node);
    if (last && random.chance(0.5)) {
      return this.step(from, { kind: "revealAndSettle", job: number, node, output, fault: this.fault() }, timed);
    }
    const attempt = job.rounds.indexOf(job.round);
    return this.step(from, { kind: "reveal", job: number, attempt, node, output }, timed);
  }

  private advance(number: number, timed: Timed = {}): Step {
    return this.step(this.world.cast.stranger, { kind: "advance", job: number, fault: this.fault() }, timed);
  }

  private end(kind: "settle" | "expire", number: number, timed: Timed = {}): Step {
    return this.step(this.world.cast.stranger, { kind, job: number, fault: this.fault() }, timed);
  }

  private fault(): SeatFault {
    return this.random.chance(0.05) ? this.random.pick(FAULTS) : "none";
  }

  private signerOf(node: string): string {
    const { signer } = this.world.staking.of(node);
    return signer === ZeroAddress || this.random.chance(0.01) ? this.world.cast.stranger : signer;
  }

  private step(from: string, call: Call, { seconds = 0, blocks = 0 }: Timed = {}): Step {
    return { from, call, seconds, blocks };
  }
}

const seatKey = (job: JobModel, node: string) => `${job.round.id} ${node}`;
