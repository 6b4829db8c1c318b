import type { Addresses } from "../addresses.ts";
import { parseLog, type ProtocolEvent } from "../events.ts";
import { readLog } from "../rawLog.ts";
import { type ClosedJob, closedJob } from "./closedJob.ts";
import { type CreatedLink, createdLink } from "./createdLink.ts";
import { type CreatedSchedule, createdSchedule } from "./createdSchedule.ts";
import { type FollowedLink, followedLink } from "./followedLink.ts";
import { type OfferedJob, offeredJob } from "./offeredJob.ts";
import { type OrderedRun, orderedRun } from "./orderedRun.ts";
import { type ReleasedVersion, releasedVersion } from "./releasedVersion.ts";
import { type RequestedJob, requestedJob } from "./requestedJob.ts";
import { type SettledJob, settledJob } from "./settledJob.ts";

/** What an event of the protocol tells of; `kind` tells which. */
export type Entity =
  | ({ readonly kind: "closedJob" } & ClosedJob)
  | ({ readonly kind: "createdLink" } & CreatedLink)
  | ({ readonly kind: "createdSchedule" } & CreatedSchedule)
  | ({ readonly kind: "followedLink" } & FollowedLink)
  | ({ readonly kind: "offeredJob" } & OfferedJob)
  | ({ readonly kind: "orderedRun" } & OrderedRun)
  | ({ readonly kind: "releasedVersion" } & ReleasedVersion)
  | ({ readonly kind: "requestedJob" } & RequestedJob)
  | ({ readonly kind: "settledJob" } & SettledJob);

/** The entity that an event tells of; undefined for events that tell of none. */
export function entityOf(event: ProtocolEvent): Entity | undefined {
  switch (event.name) {
    case "JobClosed":
      return { kind: "closedJob", ...closedJob(event) };
    case "JobOffered":
      return { kind: "offeredJob", ...offeredJob(event) };
    case "JobRequested":
      return { kind: "requestedJob", ...requestedJob(event) };
    case "JobSettled":
      return { kind: "settledJob", ...settledJob(event) };
    case "LinkCreated":
      return { kind: "createdLink", ...createdLink(event) };
    case "LinkFollowed":
      return { kind: "followedLink", ...followedLink(event) };
    case "RunOrdered":
      return { kind: "orderedRun", ...orderedRun(event) };
    case "ScheduleCreated":
      return { kind: "createdSchedule", ...createdSchedule(event) };
    case "VersionReleased":
      return { kind: "releasedVersion", ...releasedVersion(event) };
    default:
      return undefined;
  }
}

/**
 * The entities that logs tell of, in their order, whether the logs come from a node or out of an indexer's table. Pure.
 * @throws BadLogError that names the first field which is missing or wrong.
 */
export function entitiesOf(addresses: Addresses, logs: readonly unknown[]): readonly Entity[] {
  return logs.flatMap((log) => {
    const event = parseLog(addresses, readLog(log));
    return (event && entityOf(event)) ?? [];
  });
}
