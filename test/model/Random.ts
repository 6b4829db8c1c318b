const MASK = 0xffff_ffff;

/** Pseudo-random numbers that a seed repeats. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed & MASK;
  }

  /** A number from 0 to `below` - 1. */
  int(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  between(least: number, most: number): number {
    return least + this.int(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.int(list.length)];
    if (found === undefined) throw new Error("Nothing to pick from");
    return found;
  }

  /** One of the names, each as often as its share says; the shares make 1. */
  weigh<Name extends string>(shares: Readonly<Record<Name, number>>): Name {
    const names = Object.keys(shares) as Name[];
    let rest = this.fraction();
    return names.find((name) => (rest -= shares[name]) < 0) ?? this.pick(names);
  }

  /** An amount of 0 to `most`, in most cases not a round one. */
  amount(most: bigint): bigint {
    return (most * BigInt(this.int(1_000_003))) / 1_000_003n;
  }

  /** The mixer known as mulberry32. */
  private fraction(): number {
    this.state = (this.state + 0x6d2b79f5) & MASK;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / (MASK + 1);
  }
}
