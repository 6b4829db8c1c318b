import "./charts.css";

import type { ReactNode } from "react";

interface Props<T extends number | bigint> {
  readonly label: string;
  readonly min: T;
  readonly max: T;
  readonly value: T;
  readonly format: (value: T) => string;
}

const STEPS = 1000n;

/** A parameter inside its hard bounds. */
export default function RangeBar<T extends number | bigint>({ label, min, max, value, format }: Props<T>): ReactNode {
  const place = placeIn(min, max, value);
  const text = `${label}: ${format(value)}, may be from ${format(min)} to ${format(max)}`;
  return (
    <div className="range-bar" role="img" aria-label={text}>
      <span className="range-bar-value" aria-hidden="true">
        {format(value)}
      </span>
      <div className="range-bar-track" aria-hidden="true">
        <span className="range-bar-mark" style={{ left: `${place * 100}%` }} />
      </div>
      <span className="range-bar-ends" aria-hidden="true">
        <span>{format(min)}</span>
        <span>{format(max)}</span>
      </span>
    </div>
  );
}

/** Where a value lies between its bounds, 0 to 1. */
function placeIn(min: number | bigint, max: number | bigint, value: number | bigint): number {
  if (typeof min === "bigint" && typeof max === "bigint" && typeof value === "bigint") {
    return max === min ? 0.5 : clamped(Number(((value - min) * STEPS) / (max - min)) / Number(STEPS));
  }
  const [low, high] = [Number(min), Number(max)];
  return high === low ? 0.5 : clamped((Number(value) - low) / (high - low));
}

const clamped = (part: number): number => Math.min(1, Math.max(0, part));
