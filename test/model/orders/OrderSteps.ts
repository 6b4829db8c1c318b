import { id, MaxUint256, parseEther, ZeroAddress, ZeroHash } from "ethers";

import type { Order } from "../../../packages/sdk/src/codecs/job.ts";
import type { OptimisticOrder } from "../../../packages/sdk/src/codecs/optimisticJob.ts";
import { ScheduleState } from "../../../packages/sdk/src/codecs/schedule.ts";
import { unpackSchedulerRules } from "../../../packages/sdk/src/codecs/schedulerRules.ts";
import type { Random } from "../Random.ts";
import type { Call, Calls, Step } from "../steps.ts";
import type { World } from "../World.ts";
import type { LedgerName } from "../views.ts";
import type { OfferModel } from "./OffersModel.ts";
import type { ScheduleModel, SchedulePlan, ScheduledOrder } from "./SchedulesModel.ts";

const INPUT_BYTES = 60;
const LEAST_BALANCE = parseEther("200");
const MOST_ACTIVE = 4;
const GWEI = 1_000_000_000n;

/** Makes the steps with which others use somebody's balance: up to a cap, for a signed order, and as a schedule says. */
export class OrderSteps {
  private offers = 0;
  private schedules = 0;
  private nonces = 0n;
  private brought: Calls["requestFor"] | undefined;

  /** @param newJob Gives the number of a job that a run orders, and sees to it that it is played. */
  constructor(
    private readonly random: Random,
    private readonly world: World,
    private readonly newJob: () => number,
  ) {}

  next(): Step {
    const { random } = this;
    const underWay = [...this.world.offers].filter(([, { isUnderWay }]) => isUnderWay);
    const active = [...this.world.schedules].filter(([, schedule]) => this.isActive(schedule));
    if (underWay.length > 6 || (underWay.length > 0 && random.chance(0.15))) return this.offerEnd(underWay);
    if (active.length === 0 || (active.length < MOST_ACTIVE && random.chance(0.1))) return this.creation();
    const [number, schedule] = random.pick(active);
    const makers: readonly (() => Step)[] = [
      () => this.run(number, schedule),
      () => this.run(number, schedule),
      () => this.run(number, schedule),
      () => this.decision(number, schedule),
      () => this.offer(),
      () => this.signedOffer(),
      () => this.signedOffer(),
      () => this.consent(),
      () => this.spending(),
    ];
    return random.pick(makers)();
  }

  /** Neither ended nor, mostly, past its last run. */
  private isActive({ state, runs, plan }: ScheduleModel): boolean {
    const { endsAt = Infinity, mostRuns = Infinity } = plan.terms;
    const isOver = this.world.clock.now >= endsAt || runs >= mostRuns;
    return state !== ScheduleState.Ended && (!isOver || this.random.chance(0.1));
  }

  // Consent

  private consent(): Step {
    const { random, world } = this;
    const { cast, addresses } = world;
    const ledger = random.pick(["market", "optimistic", "sessions"] as const);
    const owner = random.pick(cast.requesters);
    const spender = random.pick([cast.stranger, addresses.scheduler, addresses.scheduler]);
    const cap = random.pick([0n, random.amount(parseEther("50")), parseEther("2000"), MaxUint256]);
    if (random.chance(0.2)) {
      return this.step(owner, { kind: "cancelNonce", nonce: BigInt(random.between(1, Number(this.nonces) + 2)) });
    }
    return this.step(owner, { kind: "allow", ledger, spender, cap });
  }

  private spending(): Step {
    const { random, world } = this;
    const { cast } = world;
    const ledger: LedgerName = random.pick(["market", "optimistic", "sessions"]);
    const owner = random.pick(cast.requesters);
    const from = random.pick([cast.stranger, cast.stranger, owner]);
    const to = random.chance(0.05) ? ZeroAddress : random.pick([cast.stranger, owner, ...cast.requesters]);
    const { balance } = world.book(ledger).of(owner);
    const amount = random.chance(0.1) ? balance + 1n : random.amount(parseEther("20"));
    const choices: readonly [string, Call][] = [
      [from, { kind: "spend", ledger, owner, to, amount }],
      [from, { kind: "spend", ledger, owner, to, amount }],
      [owner, { kind: "deposit", ledger: "optimistic", account: owner, amount: random.amount(LEAST_BALANCE) }],
      [owner, { kind: "withdraw", ledger: "optimistic", to: owner, amount: random.amount(parseEther("20")) }],
      [cast.stranger, { kind: "setSource", isFair: random.chance(0.7) }],
    ];
    const [sender, call] = random.pick(choices);
    return this.step(sender, call);
  }

  // Orders of one node

  private orderOf(requester: string, nonce: bigint): OptimisticOrder {
    const { random, world } = this;
    const price = parseEther("0.5") + 10n ** 12n * BigInt(random.int(1_000_000));
    const open = { auctionDelay: 5, auctionRamp: 20, lowestPrice: price / 2n - ((price / 2n) % 10n ** 12n) };
    return {
      requester,
      versionId: world.refereed,
      inputRoot: id(`offer ${nonce}`),
      price,
      ...(random.chance(0.4) ? open : { node: random.pick(world.cast.operators).node }),
      answerPeriod: random.between(5, 60),
      windowPeriod: random.between(30, 100),
      maxRoyalty: parseEther("2"),
      nonce,
      since: random.pick([0, world.clock.now, world.clock.now - 10]),
    };
  }

  private spoilt(order: OptimisticOrder): OptimisticOrder {
    const { random, world } = this;
    if (!random.chance(0.08)) return order;
    const faults: readonly Partial<OptimisticOrder>[] = [
      { inputRoot: ZeroHash },
      { price: 10n ** 12n - 1n },
      { price: order.price + 1n },
      { price: parseEther("1000000") },
      { windowPeriod: 29 },
      { windowPeriod: 101 },
      { answerPeriod: 4 },
      { answerPeriod: 61 },
      { auctionRamp: 86_401 },
      { maxRoyalty: 0n },
      { versionId: world.versions[0] },
      { versionId: id("unknown") },
    ];
    return { ...order, ...random.pick(faults) };
  }

  /** Somebody whose balance is to be used, when it has one. */
  private payer(): { readonly requester: string; readonly first?: Step } {
    const { random, world } = this;
    const requester = random.pick(world.cast.requesters);
    const model = world.registered(world.refereed);
    if (model.restricted && !model.allowed.has(requester) && random.chance(0.7)) {
      const allow: Call = { kind: "setAllowed", version: world.refereed, requester, allowed: true };
      return { requester, first: this.step(model.owner, allow) };
    }
    if (world.book("optimistic").of(requester).balance >= LEAST_BALANCE || random.chance(0.1)) return { requester };
    const deposit: Call = { kind: "deposit", ledger: "optimistic", account: requester, amount: LEAST_BALANCE * 2n };
    return { requester, first: this.step(requester, deposit) };
  }

  private offer(): Step {
    const { random, world } = this;
    const { requester, first } = this.payer();
    if (first !== undefined) return first;
    const from = random.pick([requester, world.cast.stranger, world.cast.stranger]);
    const order = this.spoilt(this.orderOf(requester, BigInt(++this.offers)));
    const inputBytes = random.pick([INPUT_BYTES, INPUT_BYTES, INPUT_BYTES, random.chance(0.1) ? 0 : INPUT_BYTES]);
    return this.step(from, { kind: "requestOffer", offer: this.offers, order, inputBytes });
  }

  private signedOffer(): Step {
    const { random, world } = this;
    const { requester, first } = this.payer();
    if (first !== undefined) return first;
    const { cast, clock } = world;
    const offer = ++this.offers;
    if (this.brought !== undefined && random.chance(0.15)) {
      return this.step(cast.stranger, { kind: "requestFor", ...this.brought, offer });
    }
    const order = this.spoilt(this.orderOf(requester, BigInt(offer)));
    const placed = { order, inputBytes: INPUT_BYTES };
    const signed = random.chance(0.9) ? placed : { order, inputBytes: INPUT_BYTES - 1 };
    const cost = (order.price * 12n) / 10n;
    const mostRepay = random.amount(parseEther("0.2"));
    const bounds = {
      mostCost: random.chance(0.1) ? order.price : cost + parseEther("2"),
      mostRepay,
      nonce: random.chance(0.1) && this.nonces > 0n ? this.nonces : ++this.nonces,
      expiresAt: clock.now + (random.chance(0.1) ? random.int(2) : 1_000),
    };
    const signer = random.chance(0.05) ? cast.stranger : requester;
    const repay = random.pick([0n, mostRepay, mostRepay, mostRepay / 2n, mostRepay + 1n, parseEther("0.1")]);
    this.brought = { offer, ...placed, signed, signer, bounds, repay };
    return this.step(cast.stranger, { kind: "requestFor", ...this.brought });
  }

  private offerEnd(underWay: readonly (readonly [number, OfferModel])[]): Step {
    const { random, world } = this;
    const [number, offer] = random.pick(underWay);
    const { requester, node } = offer.order;
    if (node === undefined && random.chance(0.5)) {
      const from = random.chance(0.1) ? world.cast.stranger : requester;
      return this.step(from, { kind: "cancelOffer", offer: number });
    }
    const wait = Math.max(0, offer.endsAt - world.clock.now);
    const ended = [...world.offers.keys()].slice(-8);
    if (random.chance(0.1)) {
      const kind = random.pick(["cancelOffer", "expireOffer"] as const);
      return this.step(requester, { kind, offer: random.pick(ended) });
    }
    const seconds = random.chance(0.1) ? Math.max(0, wait - 1) : wait;
    return this.step(world.cast.stranger, { kind: "expireOffer", offer: number }, seconds);
  }

  // Schedules

  private creation(): Step {
    const { random, world } = this;
    const owner = random.pick(world.cast.requesters);
    const plan = this.planOf(owner);
    const budget = random.pick([parseEther("1000"), parseEther("1000"), random.amount(parseEther("60")), 2n ** 96n]);
    const from = random.chance(0.05) ? world.cast.stranger : owner;
    const capped = random.chance(0.95) ? budget % 2n ** 96n : budget;
    return this.step(from, { kind: "createSchedule", schedule: ++this.schedules, plan, budget: capped });
  }

  private planOf(owner: string): SchedulePlan {
    const { random, world } = this;
    const { cast, clock, models } = world;
    const least = Number(unpackSchedulerRules(models.schedules.rules).leastInterval);
    const sourced = random.chance(0.4);
    const noticed = random.chance(0.4);
    const startAt = clock.now + random.between(0, 20);
    const terms = {
      owner,
      mostReward: random.pick([parseEther("5"), parseEther("5"), parseEther("0.01"), 0n]),
      mostCost: random.pick([parseEther("100"), parseEther("100"), parseEther("100"), parseEther("3")]),
      source: sourced ? (random.chance(0.1) ? cast.stranger : cast.source) : ZeroAddress,
      sourceGas: sourced ? 60_000 : 0,
      startAt,
      interval: Math.max(1, least + random.between(random.chance(0.1) ? -1 : 0, 40)),
      noticeGas: noticed ? 60_000 : 0,
      nonce: BigInt(random.chance(0.05) ? this.schedules : this.schedules + 1),
      ...(random.chance(0.3) ? { endsAt: startAt + (random.chance(0.1) ? 0 : random.between(1, 400)) } : {}),
      ...(random.chance(0.3) ? { mostRuns: random.between(1, 5) } : {}),
    };
    const callback = noticed ? random.pick([cast.source, cast.source, cast.source, cast.recorder]) : ZeroAddress;
    const inputBytes = sourced === random.chance(0.97) ? 0 : INPUT_BYTES;
    const order = random.chance(0.6) ? this.drawnOrder(owner, callback) : this.offeredOrder(owner);
    return { terms, order, inputBytes };
  }

  private drawnOrder(owner: string, callback: string): ScheduledOrder {
    const { random, world } = this;
    const called = callback !== ZeroAddress;
    const drawn: Order = {
      requester: random.chance(0.03) ? world.cast.stranger : owner,
      versionId: world.versions[0],
      inputRoot: id("scheduled input"),
      seatPrice: parseEther("0.1") + random.amount(parseEther("0.5")),
      quorum: 2,
      collateralFactor: random.between(10, 14),
      sealPeriod: random.between(2, 6),
      maxRoyalty: random.chance(0.1) ? 0n : parseEther("2"),
      callback,
      callbackGas: called ? 100_000 : 0,
      deliveryTip: called ? random.amount(parseEther("0.2")) : 0n,
    };
    return { drawn };
  }

  private offeredOrder(owner: string): ScheduledOrder {
    return { offered: { ...this.orderOf(owner, 0n), since: 0 } };
  }

  /** What its owner does with a schedule. */
  private decision(number: number, schedule: ScheduleModel): Step {
    const { random, world } = this;
    const { owner } = schedule.plan.terms;
    const { cast, addresses } = world;
    const ledger = schedule.plan.order.drawn === undefined ? "optimistic" : "market";
    const paused = schedule.state === ScheduleState.Paused ? random.chance(0.1) : random.chance(0.7);
    const calls: readonly Call[] = [
      { kind: "allow", ledger, spender: addresses.scheduler, cap: parseEther("2000") },
      { kind: "allow", ledger, spender: addresses.scheduler, cap: parseEther("2000") },
      { kind: "topUpSchedule", schedule: number, amount: random.amount(parseEther("100")) },
      { kind: "topUpSchedule", schedule: number, amount: random.chance(0.1) ? 2n ** 96n - 1n : parseEther("50") },
      { kind: "setPaused", schedule: number, paused },
      { kind: "cancelSchedule", schedule: number },
      { kind: "changeSchedule", schedule: number, successor: ++this.schedules, plan: this.planOf(owner) },
    ];
    const call = random.pick(calls);
    if (random.chance(0.1)) {
      const ended = [...world.schedules].slice(-6).map(([other]) => other);
      return this.step(owner, { kind: "cancelSchedule", schedule: random.pick(ended) });
    }
    return this.step(random.chance(0.05) ? cast.stranger : owner, call);
  }

  /** A keeper who comes when a run is due, a second before, or in a later period. */
  private run(number: number, schedule: ScheduleModel): Step {
    const { random, world } = this;
    const { cast, clock, addresses, models } = world;
    const { terms, order } = schedule.plan;
    const ledger = order.drawn === undefined ? "optimistic" : "market";
    const cap = models.mandates.capOf(addresses[ledger], terms.owner, addresses.scheduler);
    if (cap < parseEther("100") && random.chance(0.8)) {
      const allowed = random.chance(0.2) ? MaxUint256 : parseEther("2000");
      return this.step(terms.owner, { kind: "allow", ledger, spender: addresses.scheduler, cap: allowed });
    }
    if (schedule.state === ScheduleState.Paused && random.chance(0.7)) {
      return this.step(terms.owner, { kind: "setPaused", schedule: number, paused: false });
    }
    const wait = Math.max(0, schedule.dueAt(schedule.nextIndex) - clock.now);
    const late = random.pick([0, 0, 1, 2, terms.interval, 2 * terms.interval + 1]);
    const seconds = random.chance(0.1) ? Math.max(0, wait - 1) : wait + late;
    const run = order.drawn === undefined ? ++this.offers : this.newJob();
    const keeper = random.pick([cast.stranger, cast.stranger, cast.publisher, terms.owner]);
    const baseFee = random.chance(0.3) ? { baseFee: random.pick([GWEI, GWEI / 50n, GWEI / 1_000n + 1n]) } : {};
    const isStray = random.chance(0.02);
    return { ...this.step(keeper, { kind: "trigger", schedule: number, run, isStray }, seconds), ...baseFee };
  }

  private step(from: string, call: Call, seconds = 0): Step {
    return { from, call, seconds, blocks: 0 };
  }
}
