import { useSyncExternalStore } from "react";

import { useNetwork } from "../network/context.tsx";
import type { EventIndex } from "./EventIndex.ts";
import type { HistoryState } from "./History.ts";

export type { HistoryState };

/** What is known of the deployment's past. */
export function useHistory(): HistoryState {
  const { history } = useNetwork();
  return useSyncExternalStore(history.subscribe, history.state);
}

/** What each fold has made of an index: the parts of a page that use the same fold share the work. */
const results = new WeakMap<object, WeakMap<EventIndex, unknown>>();

/** A pure fold over all events, kept until they change. `fold` must stay the same function. */
export function useEntities<T>(fold: (index: EventIndex) => T): T {
  const { index } = useHistory();
  const known = results.get(fold) ?? new WeakMap<EventIndex, unknown>();
  results.set(fold, known);
  if (!known.has(index)) known.set(index, fold(index));
  // It was kept under the function that has made it.
  return known.get(index) as T;
}
