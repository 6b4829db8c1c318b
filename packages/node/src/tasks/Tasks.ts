import type { Findings, Head } from "../chain/Chain.ts";
import { Schedule, type Wake } from "../jobs/Schedule.ts";
import type { Journal, JournalTask } from "../journal/Journal.ts";
import type { Stories } from "../disputes/Stories.ts";
import type { Logger } from "../log.ts";

/** Does for one task what there is to do now. */
export interface Keeper {
  tend(task: JournalTask, head: Head, signal: AbortSignal): Promise<Wake>;
}

export type Keepers = Readonly<Partial<Record<JournalTask["kind"], Keeper>>>;

/** Those with a clock that loses stake or a bond come first. */
const URGENT: readonly JournalTask["kind"][] = ["game", "demand"];

/** Looks after the tasks of the journal: each when its time has come or something was heard of it, games first. */
export class Tasks {
  private readonly urgent = new Schedule();
  private readonly others = new Schedule();
  private readonly busyUrgent = new Set<string>();
  private readonly busyOthers = new Set<string>();

  constructor(
    private readonly journal: Journal,
    private readonly keepers: Keepers,
    private readonly stories: Stories,
    /** Most tasks at a time; games and demands do not count. */
    private readonly most: number,
    private readonly log: Logger,
  ) {
    for (const task of journal.openTasks()) this.add(task);
  }

  get size(): number {
    return this.urgent.size + this.others.size;
  }

  note({ tasks, touched }: Findings): void {
    for (const task of tasks) if (this.journal.openTask(task.id) !== undefined) this.add(task);
    for (const schedule of [this.urgent, this.others]) schedule.hear(touched);
  }

  /** The chain is another one than it was: what was over may go on. */
  hearAll(): void {
    for (const schedule of [this.urgent, this.others]) schedule.hearAll();
    for (const task of this.journal.openTasks()) this.add(task);
  }

  /** Begins what is due. */
  tendDue(head: Head, signal: AbortSignal): void {
    this.begin(this.urgent, this.busyUrgent, Infinity, head, signal);
    this.begin(this.others, this.busyOthers, this.most, head, signal);
  }

  private begin(schedule: Schedule, busy: Set<string>, most: number, head: Head, signal: AbortSignal): void {
    for (const id of schedule.due(head.timestamp)) {
      if (busy.size >= most) break; // they stay due
      if (!busy.has(id)) void this.tend(id, schedule, busy, head, signal);
    }
  }

  private add({ id, kind }: JournalTask): void {
    (URGENT.includes(kind) ? this.urgent : this.others).add(id, []);
  }

  private async tend(
    id: string,
    schedule: Schedule,
    busy: Set<string>,
    head: Head,
    signal: AbortSignal,
  ): Promise<void> {
    const task = this.journal.openTask(id);
    const keeper = task && this.keepers[task.kind];
    if (task === undefined || keeper === undefined) {
      schedule.remove(id); // a reorganisation took it away
      return;
    }
    busy.add(id);
    schedule.begin(id);
    try {
      const wake = await keeper.tend(task, head, signal);
      if (wake === "closed") {
        this.journal.closeTask(id, head.number);
        this.stories.write();
      }
      schedule.end(id, wake);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!signal.aborted) this.log.warn({ [task.kind]: id, error: reason }, "could not tend a task; tries again");
      schedule.end(id, head.timestamp + 1);
    } finally {
      busy.delete(id);
    }
  }
}
