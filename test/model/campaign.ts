import { ControlSteps } from "./ControlSteps.ts";
import type { Duel } from "./Duel.ts";
import { JobSteps } from "./JobSteps.ts";
import { OrderSteps } from "./orders/OrderSteps.ts";
import { Random } from "./Random.ts";
import { SessionSteps } from "./sessions/SessionSteps.ts";
import { StakeSteps } from "./StakeSteps.ts";
import { printStep, type Step } from "./steps.ts";

/** How often whose steps are taken. */
const SHARES = { jobs: 0.67, sessions: 0.088, orders: 0.065, stakes: 0.145, control: 0.032 } as const;
/** Steps between two comparisons of the whole state. */
const CHECK_EVERY = 500;

/** A chain brought back to the same state, and a model of it. */
export type NewDuel = () => Promise<Duel>;

/** An episode that ended in a mismatch. */
export class EpisodeFailure extends Error {
  constructor(
    readonly seed: number,
    readonly steps: readonly Step[],
    override readonly cause: Error,
  ) {
    super(`${cause.name} after ${steps.length} steps: ${cause.message}`);
    this.name = "EpisodeFailure";
  }
}

/** Plays random steps of one seed. */
export async function playEpisode(newDuel: NewDuel, seed: number, count: number): Promise<Duel> {
  const duel = await newDuel();
  const random = new Random(seed);
  const jobs = new JobSteps(random, duel.world);
  const stakes = new StakeSteps(random, duel.world);
  const sessions = new SessionSteps(random, duel.world);
  const makers = {
    jobs,
    sessions,
    orders: new OrderSteps(random, duel.world, () => jobs.newJob()),
    stakes,
    control: new ControlSteps(random, duel.world),
  };
  const next = () => sessions.urgent() ?? makers[random.weigh(SHARES)].next();
  const taken: Step[] = [];
  const opening = stakes.opening();
  while (taken.length < count) {
    const step = opening.shift() ?? next();
    taken.push(step);
    try {
      await duel.take(step);
      if (taken.length === count) await duel.compareEnd(step);
      else if (taken.length % CHECK_EVERY === 0) await duel.compareAll(step);
    } catch (error) {
      throw new EpisodeFailure(seed, taken, error as Error);
    }
  }
  return duel;
}

/** Whether these steps still end in a mismatch; the last one is followed by a comparison of everything. */
async function fails(newDuel: NewDuel, steps: readonly Step[]): Promise<Error | undefined> {
  const duel = await newDuel();
  try {
    for (const step of steps) await duel.take(step);
    const last = steps.at(-1);
    if (last !== undefined) await duel.compareEnd(last);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Leaves out steps, in ever smaller runs, as long as the rest still fails and there is time. */
export async function shrink(newDuel: NewDuel, failure: EpisodeFailure, milliseconds: number): Promise<EpisodeFailure> {
  const deadline = Date.now() + milliseconds;
  let shortest = failure;
  for (let run = Math.ceil(failure.steps.length / 2); run >= 1; run = run === 1 ? 0 : Math.ceil(run / 2)) {
    for (let from = 0; from < shortest.steps.length && Date.now() < deadline;) {
      const steps = shortest.steps.filter((_, i) => i < from || i >= from + run);
      const cause = await fails(newDuel, steps);
      if (cause === undefined) from += run;
      else shortest = new EpisodeFailure(failure.seed, steps, cause);
    }
  }
  return shortest;
}

/** What to read after a failure: the seed, the cause, and the steps that lead there. */
export function describeFailure({ seed, steps, message }: EpisodeFailure): string {
  return [`SEED=${seed}`, message, ...steps.map(printStep)].join("\n");
}
