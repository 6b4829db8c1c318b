/** A value that was announced, and holds from a time on: a royalty, a commission. */
export interface Announced<T> {
  readonly value: T;
  /** Unix seconds. */
  readonly announcedAt: number;
  /** Unix seconds; as early as the announcement where it holds at once. */
  readonly effectiveAt: number;
  readonly tx: string;
}

/** What holds at a time, and what is announced for later. */
export interface Standing<T> {
  /** Undefined before the first announcement. */
  readonly current: Announced<T> | undefined;
  readonly next: Announced<T> | undefined;
}

/**
 * What of some announcements, oldest first, holds at `time` (unix seconds). A new one takes the place of one that still waits;
 * one whose time had come stays in force until the new one's.
 */
export function standingAt<T>(changes: readonly Announced<T>[], time: number): Standing<T> {
  let current: Announced<T> | undefined;
  let next: Announced<T> | undefined;
  for (const change of changes) {
    if (change.announcedAt > time) break;
    if (next !== undefined && next.effectiveAt <= change.announcedAt) current = next;
    next = undefined;
    if (change.effectiveAt <= change.announcedAt) current = change;
    else next = change;
  }
  return next !== undefined && next.effectiveAt <= time ? { current: next, next: undefined } : { current, next };
}

/** When which value began to hold, up to `time`: what a chart in steps draws. */
export function stepsUntil<T>(changes: readonly Announced<T>[], time: number): (readonly [number, T])[] {
  const times = changes.flatMap(({ announcedAt, effectiveAt }) => [announcedAt, effectiveAt]);
  const due = [...new Set(times)].filter((at) => at <= time).sort((a, b) => a - b);
  const standing = due.map((at) => [at, standingAt(changes, at).current] as const);
  return standing.flatMap(([at, current], place) => {
    const isSame = current === standing[place - 1]?.[1];
    return current === undefined || isSame ? [] : [[at, current.value] as const];
  });
}
