import type { EventIndex } from "../history/EventIndex.ts";
import { folded } from "./folded.ts";
import { type JobSummary, summaryOf } from "./jobSummary.ts";
import { jobTracksOf } from "./jobTracks.ts";

export type { JobMarket } from "./jobOrders.ts";
export type { JobStatement } from "./jobRounds.ts";
export { JOB_STATES, type JobStateName, STATE_TEXT, stateTone } from "./jobStates.ts";
export type { JobSummary } from "./jobSummary.ts";
export { jobOf, type JobView } from "./jobView.ts";

/** All jobs of both markets, newest first. */
export const jobsOf: (index: EventIndex) => readonly JobSummary[] = folded((index) =>
  [...jobTracksOf(index).values()].map(summaryOf).reverse(),
);
