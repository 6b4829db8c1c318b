/** How many blocks back a chain knows a block's hash. */
const REMEMBERED_BLOCKS = 256;

/** Time and height of the block in which the next step runs, and the hashes of blocks that seed draws. */
export class Clock {
  /** Of the next block, wei; where a step says nothing, less than what gas is worth at least. */
  baseFee = 1n;
  private readonly hashes = new Map<number, string>();
  private readonly wanted = new Set<number>();

  constructor(
    public now: number,
    public block: number,
  ) {}

  /** Notes that a block's hash will be asked for once it is mined. */
  want(block: number): void {
    this.wanted.add(block);
  }

  /** Blocks that are mined by now, and whose hashes are still to be learnt. */
  mined(): number[] {
    return [...this.wanted].filter((block) => block < this.block);
  }

  learn(block: number, hash: string): void {
    this.hashes.set(block, hash);
    this.wanted.delete(block);
  }

  /** The hash of a mined block; undefined where the chain has forgotten it. */
  hashOf(block: number): string | undefined {
    if (this.block - block > REMEMBERED_BLOCKS) return undefined;
    const hash = this.hashes.get(block);
    if (hash === undefined) throw new Error(`Nobody said that block ${block} would seed a draw`);
    return hash;
  }
}
