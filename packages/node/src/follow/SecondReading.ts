import type { Chain, Findings, Head, Interest } from "../chain/Chain.ts";
import type { Witness } from "../chain/connect.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import { journaled } from "./Follower.ts";

/** So many blocks stay between the head and what is read: by then both providers have them, and they seldom change. */
const DISTANCE = 8;
/** So many blocks are read at once, so that a second provider is asked little. */
const BLOCKS_AT_ONCE = 16;

export interface SecondReadingModules {
  readonly chain: Pick<Chain, "blockHash">;
  readonly witness: Witness;
  readonly journal: Journal;
  readonly log: Logger;
}

/** Reads each block again with a second provider, for what the first one has left out. It holds up nothing that waits for the first. */
export class SecondReading {
  private next: number | undefined;
  private isReading = false;
  /** How often the chain was reorganised: what was read meanwhile may be of blocks that are gone. */
  private rewinds = 0;

  constructor(
    private readonly modules: SecondReadingModules,
    private readonly interest: Interest,
    /** Most blocks of one request for logs. */
    private readonly range: number,
  ) {}

  /**
   * To be called before the first provider is read: what an earlier process had read once may not have been read twice.
   * @param start The first block that matters where the journal knows none.
   */
  begin(start: number): void {
    const last = this.modules.journal.checkpoints()[0]?.number;
    this.next ??= last === undefined ? start : Math.max(0, last + 1 - DISTANCE - BLOCKS_AT_ONCE);
  }

  /** The chain was reorganised: what stands now after the last block that stood before is to be read. */
  rewind(start: number): void {
    const standing = this.modules.journal.checkpoints()[0]?.number;
    this.next = Math.min(this.next ?? start, standing === undefined ? start : standing + 1);
    this.rewinds += 1;
  }

  /**
   * Reads what is due, and gives what the journal did not have, and all that was heard of. Gives nothing while an earlier
   * call still reads. What fails is tried again at another head.
   */
  async read(head: Head, signal: AbortSignal, tell: (findings: Findings) => void): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      while (this.next !== undefined && head.number - DISTANCE - this.next + 1 >= BLOCKS_AT_ONCE) {
        const [from, rewinds] = [this.next, this.rewinds];
        const to = Math.min(head.number - DISTANCE, from + this.range - 1);
        const findings = await this.readRange(from, to);
        signal.throwIfAborted();
        if (this.rewinds !== rewinds) continue;
        tell(this.missed(findings));
        this.next = to + 1;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!signal.aborted) this.modules.log.warn({ error: reason }, "could not read with the second provider");
    } finally {
      this.isReading = false;
    }
  }

  /** @throws Error while the providers do not know the same blocks. */
  private async readRange(from: number, to: number): Promise<Findings> {
    const { chain, witness } = this.modules;
    const [findings, theirs, ours] = await Promise.all([
      witness.findings(from, to, this.interest),
      witness.blockHash(to),
      chain.blockHash(to),
    ]);
    if (theirs !== ours) throw new Error(`The two providers know different blocks ${to}`);
    return findings;
  }

  private missed({ jobs, tasks, touched }: Findings): Findings {
    const { journal, log } = this.modules;
    const missed = journal.addMissed(jobs.map(journaled), tasks);
    if (missed.size > 0)
      log.error({ missed: [...missed] }, "the provider had left out events; the second one has them");
    return {
      jobs: jobs.filter(({ jobId }) => missed.has(jobId)),
      tasks: tasks.filter(({ id }) => missed.has(id)),
      touched,
    };
  }
}
