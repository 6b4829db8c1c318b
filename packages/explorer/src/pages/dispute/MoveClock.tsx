import type { ReactNode } from "react";

import { useNow } from "../../network/context.tsx";
import { Clock } from "../../parts/Clock.tsx";

/** How long there is for a move; it still counts in the last second. */
export function MoveClock({ until }: { readonly until: number }): ReactNode {
  const now = useNow();
  return now > until ? (
    <span className="clock over">The clock is over</span>
  ) : (
    <Clock until={until + 1} label="The clock ends" />
  );
}
