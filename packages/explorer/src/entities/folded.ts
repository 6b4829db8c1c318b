import type { EventIndex } from "../history/EventIndex.ts";

/** A fold over the history that is done once for each of its states, however many other folds ask for it. */
export function folded<T>(fold: (index: EventIndex) => T): (index: EventIndex) => T {
  const known = new WeakMap<EventIndex, { readonly value: T }>();
  return (index) => {
    const found = known.get(index) ?? { value: fold(index) };
    known.set(index, found);
    return found.value;
  };
}
