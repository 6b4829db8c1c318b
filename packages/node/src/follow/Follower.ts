import type { Chain, Findings, Head, Interest, KnownJob } from "../chain/Chain.ts";
import type { Journal, JournalJob } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";

/** Reads the chain's logs in order, from where an earlier process stopped, and notices when the chain is reorganised. */
export class Follower {
  constructor(
    private readonly chain: Chain,
    private readonly journal: Journal,
    private readonly interest: Interest,
    /** Most blocks of one request for logs. */
    private readonly range: number,
    private readonly log: Logger,
  ) {}

  /**
   * Reads everything up to the head and gives it range by range, each when it is in the journal; first of all, that the
   * chain was reorganised, if it was.
   * @param start The first block that matters where the journal knows none.
   */
  async *catchUp(head: Head, start: number, signal: AbortSignal): AsyncGenerator<Findings | "reorganised"> {
    const known = this.journal.checkpoints()[0]?.number;
    const standing = await this.standingBlock(start);
    if (standing !== known) yield "reorganised";
    let next = standing ?? start - 1;
    while (next < head.number) {
      signal.throwIfAborted();
      const from = next + 1;
      const to = Math.min(next + this.range, head.number);
      const hash = to === head.number ? head.hash : await this.chain.blockHash(to);
      if (hash === undefined) return; // the chain has become shorter: the next head tells more
      const findings = await this.chain.findings(from, to, this.interest);
      this.journal.advance({ number: to, hash }, findings.jobs.map(journaled), findings.tasks);
      yield findings;
      next = to;
    }
  }

  /** The last block that was read and still stands; what was read after it is forgotten. */
  private async standingBlock(start: number): Promise<number | undefined> {
    const checkpoints = this.journal.checkpoints();
    for (const [depth, { number, hash }] of checkpoints.entries()) {
      if ((await this.chain.blockHash(number)) !== hash) continue;
      if (depth > 0) {
        this.log.warn({ block: number, forgotten: depth }, "the chain was reorganised");
        this.journal.rewind(number);
      }
      return number;
    }
    if (checkpoints.length === 0) return undefined;
    // The oldest that is remembered came with its range: nothing tells which of the blocks in it still stand.
    const oldest = checkpoints.at(-1)?.number ?? 0;
    const before = Math.max(0, Math.min(start, oldest - this.range + 1)) - 1;
    this.log.warn({ block: before }, "the chain was reorganised deeper than is remembered");
    this.journal.rewind(before);
    return before;
  }
}

/** A job as the journal keeps it. */
export const journaled = ({ jobId, packed, input, blockNumber }: KnownJob): JournalJob => ({
  jobId,
  packed: JSON.stringify(packed),
  input,
  blockNumber,
});
