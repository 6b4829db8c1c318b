import type { ReactNode } from "react";

import { useNow } from "../network/context.tsx";
import { formatDuration, formatTime } from "./format.ts";

interface Props {
  /** Unix seconds by the chain's clock. */
  readonly until: number | bigint;
  /** What ends then. */
  readonly label?: string;
}

/** Counts down to a time by the chain's clock. Screen readers read it when asked, not every second. */
export function Clock({ until, label }: Props): ReactNode {
  const now = useNow();
  const left = Number(until) - now;
  return (
    <span
      className={`clock ${left > 0 ? "running" : "over"}`}
      role="timer"
      aria-live="off"
      title={formatTime(Number(until))}
    >
      {label !== undefined && `${label} `}
      {left > 0 ? `in ${formatDuration(left)}` : "over"}
    </span>
  );
}
