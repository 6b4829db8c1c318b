import { stepEnd, type DrawClock } from "../jobs/clock.ts";

/** Of a sealing step, the part at whose end a relayer posts what it has, and the one at whose end a node waits no more. */
const POSTS_AFTER = 0.5;
const WAITS_UNTIL = 0.7;
/** Of the time to reveal, the same; and most seconds, because a job waits for it. */
const REVEALS_AFTER = { share: 1 / 8, most: 60 };
const REVEALS_UNTIL = { share: 1 / 4, most: 180 };

const within = (period: number, { share, most }: typeof REVEALS_AFTER): number => Math.min(period * share, most);

/** When a relayer posts the seals that it has, though more may come. Unix seconds. */
export const postsSealsAt = (clock: DrawClock, time: number): number =>
  Math.ceil(stepEnd(clock, time) - (1 - POSTS_AFTER) * clock.sealPeriod);

/** From when on a node seals by itself what it has handed in. Unix seconds. */
export const sealsItselfAt = (clock: DrawClock, time: number): number =>
  Math.ceil(stepEnd(clock, time) - (1 - WAITS_UNTIL) * clock.sealPeriod);

/** When a relayer posts the reveals that it has, though more may come. Unix seconds. */
export const postsRevealsAt = (opensAt: number, revealPeriod: number): number =>
  Math.ceil(opensAt + within(revealPeriod, REVEALS_AFTER));

/** From when on a node reveals by itself what it has handed in. Unix seconds. */
export const revealsItselfAt = (opensAt: number, revealPeriod: number): number =>
  Math.ceil(opensAt + within(revealPeriod, REVEALS_UNTIL));
