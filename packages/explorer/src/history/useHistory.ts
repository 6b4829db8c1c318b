import { useMemo, useSyncExternalStore } from "react";

import { useNetwork } from "../network/context.tsx";
import type { EventIndex } from "./EventIndex.ts";
import type { HistoryState } from "./HistoryState.ts";

/** What is known of the deployment's past. */
export function useHistory(): HistoryState {
  const { history } = useNetwork();
  return useSyncExternalStore(history.subscribe, history.state);
}

/** A pure fold over all events, kept until they change. `fold` must stay the same function. */
export function useEntities<T>(fold: (index: EventIndex) => T): T {
  const { index } = useHistory();
  return useMemo(() => fold(index), [fold, index]);
}
