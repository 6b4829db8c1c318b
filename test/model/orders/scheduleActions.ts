import type { PackedSchedule } from "../../../packages/sdk/src/codecs/schedule.ts";
import type { Actions } from "../actions.ts";
import { JobModel } from "../JobModel.ts";
import type { Kind } from "../steps.ts";
import type { View, Views } from "../views.ts";
import type { World } from "../World.ts";
import { type SchedulePlan, ScheduleModel } from "./SchedulesModel.ts";

type ScheduleKind = Extract<
  Kind,
  "createSchedule" | "changeSchedule" | "trigger" | "topUpSchedule" | "setPaused" | "cancelSchedule" | "setSource"
>;

const contract = "scheduler" as const;
/** Numbers of `TestSource.Mood`: what it is there for, and reverting. */
const FAIR = 0;
const REVERTS = 1;

const packed = ({ owner, source, timing, orderHash, inputHash }: PackedSchedule) => [
  owner,
  source,
  timing,
  orderHash,
  inputHash,
];

/** A plan as a schedule that nobody has begun. */
const planned = (world: World, plan: SchedulePlan, nonce = plan.terms.nonce ?? 0n) =>
  new ScheduleModel({ ...plan, terms: { ...plan.terms, nonce } }, world.models.schedules.constants, 1, 0n);

/** A schedule of this number, or one that differs from it in its nonce. */
function named(world: World, number: number, isStray: boolean): ScheduleModel {
  const schedule = world.schedule(number);
  return isStray ? planned(world, schedule.plan, (1n << 64n) - 1n) : schedule;
}

/** What a run takes, and what it makes: the job, or the offer, of its number. */
function ran(views: Views, world: World, number: number, schedule: ScheduleModel, keeper: string): View[] {
  const { owner } = schedule.plan.terms;
  const ledger = schedule.plan.order.drawn === undefined ? "optimistic" : "market";
  const [job, offer] = [world.jobs.get(number), world.offers.get(number)];
  return [
    views.schedule(schedule),
    views.account(owner, ledger),
    views.account(keeper, ledger),
    views.cap(ledger, owner, world.addresses.scheduler),
    ...(job === undefined ? [] : [views.job(job)]),
    ...(offer === undefined ? [] : [views.offer(offer)]),
  ];
}

/** What can be done on JobScheduler, and to the source of inputs. */
export const scheduleActions: Actions<ScheduleKind> = {
  createSchedule: {
    contract,
    method: "create",
    args: (world, c) => {
      const schedule = planned(world, c.plan);
      return [packed(schedule.packed), schedule.order, schedule.input, c.budget];
    },
    run: (world, c, from) => {
      world.schedules.set(c.schedule, world.models.schedules.create(from, c.plan, c.budget));
    },
    touched: (views, world, c) => {
      const schedule = world.schedules.get(c.schedule);
      return schedule === undefined ? [] : [views.schedule(schedule)];
    },
  },
  changeSchedule: {
    contract,
    method: "change",
    args: (world, c) => {
      const successor = planned(world, c.plan);
      return [packed(world.schedule(c.schedule).packed), packed(successor.packed), successor.order, successor.input];
    },
    run: (world, c, from) => {
      const successor = world.models.schedules.change(from, world.schedule(c.schedule), c.plan);
      world.schedules.set(c.successor, successor);
    },
    touched: (views, world, c) =>
      [c.schedule, c.successor].flatMap((number) => {
        const schedule = world.schedules.get(number);
        return schedule === undefined ? [] : [views.schedule(schedule)];
      }),
  },
  trigger: {
    contract,
    method: "trigger",
    args: (world, c) => {
      const schedule = named(world, c.schedule, c.isStray);
      return [packed(schedule.packed), schedule.order, schedule.input];
    },
    run: (world, c, from) => {
      const made = world.models.schedules.trigger(from, named(world, c.schedule, c.isStray));
      if (made instanceof JobModel) world.jobs.set(c.run, made);
      else world.offers.set(c.run, made);
    },
    touched: (views, world, c, from) => ran(views, world, c.run, world.schedule(c.schedule), from),
  },
  topUpSchedule: {
    contract,
    method: "topUp",
    args: (world, c) => [packed(world.schedule(c.schedule).packed), c.amount],
    run: (world, c, from) => {
      world.models.schedules.topUp(from, world.schedule(c.schedule), c.amount);
    },
    touched: (views, world, c) => [views.schedule(world.schedule(c.schedule))],
  },
  setPaused: {
    contract,
    method: "setPaused",
    args: (world, c) => [packed(world.schedule(c.schedule).packed), c.paused],
    run: (world, c, from) => {
      world.models.schedules.setPaused(from, world.schedule(c.schedule), c.paused);
    },
    touched: (views, world, c) => [views.schedule(world.schedule(c.schedule))],
  },
  cancelSchedule: {
    contract,
    method: "cancel",
    args: (world, c) => [packed(world.schedule(c.schedule).packed)],
    run: (world, c, from) => {
      world.models.schedules.cancel(from, world.schedule(c.schedule));
    },
    touched: (views, world, c) => [views.schedule(world.schedule(c.schedule))],
  },
  setSource: {
    contract: "source",
    method: "setMood",
    args: (_world, c) => [c.isFair ? FAIR : REVERTS],
    run: (world, c) => {
      world.models.schedules.isSourceFair = c.isFair;
    },
    touched: () => [],
  },
};
