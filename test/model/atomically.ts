/** A part of the model that can be put back as it was. */
export interface Revertible {
  /** Notes the present state, and gives what brings it back. */
  save(): () => void;
}

/** Brings several things back. */
export const together = (restores: readonly (() => void)[]) => (): void => {
  for (const restore of restores) restore();
};

/** What belongs to one transaction: where a part of it is refused, what came before never happened. */
export function atomically<T>(parts: readonly Revertible[], run: () => T): T {
  const restore = together(parts.map((part) => part.save()));
  try {
    return run();
  } catch (error) {
    restore();
    throw error;
  }
}

/** Brings a map back to the entries that it has now. */
export function saveMap<K, V>(map: Map<K, V>, copy: (value: V) => V = (value) => value): () => void {
  const saved = [...map].map(([key, value]) => [key, copy(value)] as const);
  return () => {
    map.clear();
    for (const [key, value] of saved) map.set(key, value);
  };
}

/** Brings a set back to what is in it now. */
export function saveSet<T>(set: Set<T>): () => void {
  const saved = [...set];
  return () => {
    set.clear();
    for (const value of saved) set.add(value);
  };
}
