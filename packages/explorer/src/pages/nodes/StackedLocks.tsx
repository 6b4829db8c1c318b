import type { ReactNode } from "react";

import { heldUntil } from "../../entities/heldUntil.ts";
import type { LockHistory } from "../../entities/locks.ts";
import { useHead } from "../../network/context.tsx";
import { opgNumber, TimeSeries } from "../../parts/charts/index.tsx";

interface Props {
  readonly history: readonly LockHistory[];
  readonly nameOf: (consumer: string) => string;
}

/** What was locked over time, consumers on top of each other: each line is the sum of its own and of those before it. */
export function StackedLocks({ history, nameOf }: Props): ReactNode {
  const now = useHead()?.timestamp ?? 0;
  const series = history.map(({ consumer, steps }, place) => ({
    label: place === 0 ? nameOf(consumer) : `and ${nameOf(consumer)}`,
    points: heldUntil(
      steps.map(([at], step) => [at, opgNumber(stacked(history, place, step))] as const),
      now,
    ),
  }));
  return <TimeSeries title="Locked over time, stacked" kind="step" unit="OPG" series={series} />;
}

/** What the first consumers, up to a place, had locked together after a change. */
const stacked = (history: readonly LockHistory[], place: number, step: number): bigint =>
  history.slice(0, place + 1).reduce((sum, { steps }) => sum + (steps[step]?.[1] ?? 0n), 0n);
