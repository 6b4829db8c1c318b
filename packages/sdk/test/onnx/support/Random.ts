/** Numbers that look random and are the same on every run. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, 1. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer, both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  /** A real number between two ends. */
  real(least: number, most: number): number {
    return least + this.unit() * (most - least);
  }

  chance(part: number): boolean {
    return this.unit() < part;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)] as T;
  }

  list<T>(length: number, draw: (i: number) => T): T[] {
    return Array.from({ length }, (_, i) => draw(i));
  }

  /** Bytes of a tensor: all different, at both ends, all equal, or mostly one value as behind a Relu. */
  bytes(length: number): Uint8Array {
    const kind = this.int(0, 5);
    const usual = this.pick([0, 128, 255, this.int(0, 255)]);
    const draw = () => {
      if (kind === 0) return this.pick([0, 255]);
      if (kind === 1) return usual;
      return kind === 2 && this.chance(0.7) ? usual : this.int(0, 255);
    };
    return Uint8Array.from({ length }, draw);
  }

  /** A zero point; every second one at an end or in the middle. */
  zero(): number {
    return this.pick([0, 255, 128, this.int(0, 255), this.int(0, 255), this.int(0, 255)]);
  }

  /** A scale between two powers of two; every third one is a power of two itself, so that values meet half-way. */
  scale(least: number, most: number): number {
    return this.chance(1 / 3)
      ? 2 ** this.int(Math.ceil(least), Math.floor(most))
      : Math.fround(2 ** this.real(least, most));
  }
}
