/** Paths of GARCH(1,1) as train.py draws them, from a generator of its own: none of them was there in training. */

/** What a model sees of a path, and what it is to forecast. Shares of 1. */
export interface Path {
  readonly returns: readonly number[];
  /** Of the return that comes next. Nobody sees it in real life; here it is known, because the path is made from it. */
  readonly volatility: number;
}

/** Returns that a model sees. */
export const RETURNS = 32;
/** Steps of a path before them, so that its variance has forgotten where it began. */
const WARM_UP = 100;

/** Whole numbers of 32 bits, from a seed: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** The same paths for the same seed. */
export function pathsOf(seed: number, count: number): readonly Path[] {
  const next = generator(seed);
  /** Between 0 and 1, neither of them. */
  const uniform = () => (next() + 0.5) / 2 ** 32;
  const between = (least: number, most: number) => least + (most - least) * uniform();
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: count }, () => {
    const longRun = 0.01 * Math.exp(0.4 * normal());
    const alpha = between(0.05, 0.2);
    const beta = between(0.9, 0.98) - alpha;
    let variance = longRun ** 2;
    const returns = Array.from({ length: WARM_UP + RETURNS }, () => {
      const step = Math.sqrt(variance) * normal();
      variance = longRun ** 2 * (1 - alpha - beta) + alpha * step ** 2 + beta * variance;
      return step;
    });
    return { returns: returns.slice(WARM_UP), volatility: Math.sqrt(variance) };
  });
}
