const BINS = 4096;
/** Thresholds that are tried, evenly between nothing and the largest value. */
const CANDIDATES = 256;

/** How often which magnitudes occur, in bins of one width that doubles when larger ones come. */
export class Histogram {
  private counts = new Float64Array(BINS);
  /** Magnitude that is just beyond the last bin; 0 as long as nothing but zeros has come. */
  private limit = 0;
  private largest = 0;

  /** The largest magnitude so far. */
  get max(): number {
    return this.largest;
  }

  add(values: Float32Array): void {
    for (const value of values) this.largest = Math.max(this.largest, Math.abs(value));
    if (this.largest === 0) return;
    if (this.limit === 0) this.limit = 2 ** Math.ceil(Math.log2(this.largest));
    while (this.largest >= this.limit) this.widen();
    const perUnit = BINS / this.limit;
    for (const value of values) {
      const bin = Math.floor(Math.abs(value) * perUnit);
      this.counts[bin] = (this.counts[bin] ?? 0) + 1;
    }
  }

  private widen(): void {
    const wider = new Float64Array(BINS);
    this.counts.forEach((count, bin) => {
      wider[bin >> 1] = (wider[bin >> 1] ?? 0) + count;
    });
    this.counts = wider;
    this.limit *= 2;
  }

  /**
   * The magnitude at which to cut off, so that rounding to `levels` steps on either side of zero and cutting off together
   * cost the least squared error.
   */
  threshold(levels: number): number {
    let [best, least] = [this.largest, Infinity];
    for (let candidate = CANDIDATES; candidate > 0; candidate--) {
      const threshold = (this.largest * candidate) / CANDIDATES;
      const error = this.errorOf(threshold, levels);
      if (error < least) [best, least] = [threshold, error];
    }
    return best;
  }

  private errorOf(threshold: number, levels: number): number {
    const rounding = (threshold / levels) ** 2 / 12; // the variance of a uniform error one step wide
    const width = this.limit / BINS;
    let error = 0;
    this.counts.forEach((count, bin) => {
      const excess = (bin + 0.5) * width - threshold;
      error += count * (excess > 0 ? rounding + excess ** 2 : rounding);
    });
    return error;
  }
}
