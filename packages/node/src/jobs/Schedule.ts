/** When a job is to be looked at again: unix seconds, `never` until something is heard of it, `closed` for good. */
export type Wake = number | "never" | "closed";

const NOW = 0;

/** Which open jobs are due: because their time has come, or because something was heard of them or of their rounds. */
export class Schedule {
  private readonly wakes = new Map<string, Wake>();
  private readonly jobsOfRounds = new Map<string, string>();
  private readonly roundsOfJobs = new Map<string, readonly string[]>();

  get size(): number {
    return this.wakes.size;
  }

  add(jobId: string, roundIds: readonly string[]): void {
    this.wakes.set(jobId, NOW);
    this.roundsOfJobs.set(jobId, roundIds);
    for (const roundId of roundIds) this.jobsOfRounds.set(roundId, jobId);
  }

  remove(jobId: string): void {
    this.wakes.delete(jobId);
    for (const roundId of this.roundsOfJobs.get(jobId) ?? []) this.jobsOfRounds.delete(roundId);
    this.roundsOfJobs.delete(jobId);
  }

  /** Something was heard of jobs or rounds with these ids, among others that are of no concern. */
  hear(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      const jobId = this.jobsOfRounds.get(id) ?? id;
      if (this.wakes.has(jobId)) this.wakes.set(jobId, NOW);
    }
  }

  /** The chain is another one than it was: whatever was known of any job may be wrong. */
  hearAll(): void {
    for (const jobId of this.wakes.keys()) this.wakes.set(jobId, NOW);
  }

  /** A job is being looked at. What is heard of it meanwhile makes it due again. */
  begin(jobId: string): void {
    this.wakes.set(jobId, "never");
  }

  /** Jobs to look at now, oldest first. */
  due(time: number): string[] {
    return [...this.wakes].filter(([, wake]) => typeof wake === "number" && wake <= time).map(([jobId]) => jobId);
  }

  /** A job was looked at. */
  end(jobId: string, wake: Wake): void {
    if (wake === "closed") this.remove(jobId);
    else this.wakes.set(jobId, earlier(this.wakes.get(jobId) ?? wake, wake));
  }
}

/** The one of two that comes first. */
export function earlier(a: Wake, b: Wake): Wake {
  if (typeof a === "number" && typeof b === "number") return Math.min(a, b);
  return typeof a === "number" ? a : b;
}
