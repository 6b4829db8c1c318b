/** A value over time. Of several values in one second the last one counts. */
export class Timeline {
  private readonly entries: { readonly time: number; value: bigint }[] = [];

  set(time: number, value: bigint): void {
    const last = this.entries.at(-1);
    if (last?.time === time) last.value = value;
    else this.entries.push({ time, value });
  }

  /** The last value set at or before `time`; zero if there is none. */
  at(time: number): bigint {
    return this.entries.findLast((entry) => entry.time <= time)?.value ?? 0n;
  }

  get present(): bigint {
    return this.entries.at(-1)?.value ?? 0n;
  }
}
