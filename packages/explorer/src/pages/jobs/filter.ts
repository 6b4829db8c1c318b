import type { JobMarket, JobStateName, JobSummary } from "../../entities/jobs.ts";
import { nameOfVersion } from "../../entities/names.ts";
import type { EventIndex } from "../../history/EventIndex.ts";

/** Which jobs are shown. */
export interface JobFilter {
  readonly market: JobMarket | "all";
  /** A state, or all that are under way. */
  readonly state: JobStateName | "all" | "running";
  /** A part of the name of a version, or its id. */
  readonly version: string;
  /** A part of an address, of who has ordered or answered. */
  readonly account: string;
}

/** Shows every job. */
export const ALL_JOBS: JobFilter = { market: "all", state: "all", version: "", account: "" };

/** The jobs that a filter lets through, in their order. */
export function filterJobs(index: EventIndex, jobs: readonly JobSummary[], filter: JobFilter): readonly JobSummary[] {
  const account = filter.account.trim().toLowerCase();
  const isShown = versionFilter(index, filter.version.trim().toLowerCase());
  return jobs.filter(
    (job) =>
      (filter.market === "all" || job.market === filter.market) &&
      (filter.state === "all" || (filter.state === "running" ? !job.isFinal : job.state === filter.state)) &&
      isShown(job.versionId) &&
      [job.requester, ...job.nodes].some((each) => each.toLowerCase().includes(account)),
  );
}

/** There are far fewer versions than jobs: each is looked at once. */
function versionFilter(index: EventIndex, wanted: string): (versionId: string) => boolean {
  const known = new Map<string, boolean>();
  return (versionId) => {
    const found =
      known.get(versionId) ??
      (versionId.toLowerCase() === wanted || nameOfVersion(index, versionId).toLowerCase().includes(wanted));
    known.set(versionId, found);
    return found;
  };
}
