import type { ReactNode } from "react";

import type { PastYield } from "../../entities/yields.ts";
import { Duration } from "../../parts/Duration.tsx";
import { Percent } from "../../parts/Percent.tsx";

/** Below this a part is not shown in digits. */
const LEAST_SHOWN = 0.0001;

/** What stake of a node has earned, and in what time. */
export function YieldText({ past: { earned, rewards, period } }: { readonly past: PastYield }): ReactNode {
  const seconds = period.to - period.from;
  if (rewards === 0) {
    return (
      <span className="muted">
        no earnings yet, in <Duration seconds={seconds} />
      </span>
    );
  }
  return (
    <span>
      {earned > 0 && earned < LEAST_SHOWN ? "less than 0.01 %" : <Percent ratio={earned} />} in{" "}
      <Duration seconds={seconds} />
    </span>
  );
}
