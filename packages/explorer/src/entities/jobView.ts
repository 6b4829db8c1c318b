import { isInlineInput } from "@opg-protocol/sdk";
import { getBytes } from "ethers";

import type { EventIndex } from "../history/EventIndex.ts";
import type { JobOrder } from "./jobOrders.ts";
import {
  answersOf,
  type Happened,
  happened,
  type JobAnswer,
  type JobRound,
  type JobStatement,
  roundsOf,
  statementsOf,
} from "./jobRounds.ts";
import { type JobSummary, summaryOf } from "./jobSummary.ts";
import { type JobTrack, jobTrackOf } from "./jobTracks.ts";
import { type JobMoney, moneyOf } from "./money.ts";
import { type TimelineEntry, timelineOf } from "./timeline.ts";
import { sameId } from "./sameId.ts";

/** What has become of handing the result to the callback. */
export interface JobDelivery {
  /** Undefined where the order names none. */
  readonly callback: string | undefined;
  /** OPG, base units. */
  readonly tip: bigint;
  readonly state: "none" | "waiting" | "failed" | "delivered";
  /** The last attempt. */
  readonly last: Happened | undefined;
}

/** Who waited for what, around a job. */
export interface JobNeighbours {
  /** The schedule that ordered it. */
  readonly scheduleId: string | undefined;
  /** The job whose output it was ordered on. */
  readonly before: string | undefined;
  /** Links that wait for its output, with the jobs that they became. */
  readonly after: readonly { readonly linkId: string; readonly jobId: string | undefined }[];
}

/** The running or last reservation of a job that one node answers. */
export interface JobReservation extends Happened {
  readonly node: string;
  /** Unix seconds. */
  readonly deadline: number;
}

/** All that events tell of a job. */
export interface JobView {
  readonly summary: JobSummary;
  readonly order: JobOrder;
  /** The input travels with the order; else its URI does. */
  readonly isInline: boolean;
  readonly rounds: readonly JobRound[];
  readonly answers: readonly JobAnswer[];
  readonly statements: readonly JobStatement[];
  readonly reservation: JobReservation | undefined;
  /** Where the job was opened for a second node. */
  readonly reopened: Happened | undefined;
  readonly delivery: JobDelivery;
  readonly neighbours: JobNeighbours;
  readonly timeline: readonly TimelineEntry[];
  readonly money: JobMoney;
}

/** A job of either market by its id. */
export function jobOf(index: EventIndex, id: string): JobView | undefined {
  const track = jobTrackOf(index, id);
  if (track === undefined) return undefined;
  const { order } = track;
  const rounds = roundsOf(track);
  const answers = answersOf(track);
  const statements = statementsOf(rounds, answers);
  return {
    summary: summaryOf(track),
    order,
    isInline: isInlineInput(getBytes(order.input)),
    rounds,
    answers,
    statements,
    reservation: reservationOf(track),
    reopened: reopenedIn(track),
    delivery: deliveryOf(track),
    neighbours: neighboursOf(index, order.id),
    timeline: timelineOf(index, { track, rounds, statements }),
    money: moneyOf(index, track, rounds),
  };
}

/** A reservation that was not kept is none any more. */
function reservationOf({ events }: JobTrack): JobReservation | undefined {
  const last = events.findLast(({ name }) => name === "JobReserved" || name === "JobReopened");
  if (last?.name !== "JobReserved") return undefined;
  const { node, deadline } = last.args;
  return { node, deadline: Number(deadline), ...happened(last) };
}

function reopenedIn({ events }: JobTrack): Happened | undefined {
  const found = events.find((event) => event.name === "JobReopened");
  return found && happened(found);
}

function deliveryOf({ order, events }: JobTrack): JobDelivery {
  const { callback, deliveryTip: tip } = order.terms.job;
  const last = events.findLast(({ name }) => name === "ResultDelivered" || name === "DeliveryFailed");
  const told = { tip, last: last && happened(last) };
  if (BigInt(callback) === 0n) return { ...told, callback: undefined, state: "none" };
  const state = last === undefined ? "waiting" : last.name === "ResultDelivered" ? "delivered" : "failed";
  return { ...told, callback, state };
}

function neighboursOf(index: EventIndex, id: string): JobNeighbours {
  const about = index.about(id);
  const run = about.find((event) => event.name === "RunOrdered");
  const made = about.find((event) => event.name === "LinkFollowed");
  const links = about.filter((event) => event.name === "LinkCreated" && sameId(event.args.first, id));
  return {
    scheduleId: run?.args.scheduleId,
    before: made && firstOf(index, made.args.linkId),
    after: links.flatMap(({ args }) => {
      if (!("linkId" in args)) return [];
      const { linkId } = args;
      const followed = index.about(linkId).find((event) => event.name === "LinkFollowed");
      return [{ linkId, jobId: followed?.args.jobId }];
    }),
  };
}

function firstOf(index: EventIndex, linkId: string): string | undefined {
  return index.about(linkId).find((event) => event.name === "LinkCreated")?.args.first;
}
