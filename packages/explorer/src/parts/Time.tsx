import type { ReactNode } from "react";

import { formatTime } from "./format.ts";
import { TxLink } from "./TxLink.tsx";

interface Props {
  /** Unix seconds. */
  readonly at: number | bigint;
  /** The transaction in which it happened. */
  readonly tx?: string;
}

/** A time, with its zone. */
export function Time({ at, tx }: Props): ReactNode {
  const seconds = Number(at);
  const date = new Date(seconds * 1_000);
  const shown = Number.isNaN(date.getTime()) ? (
    <span>never</span>
  ) : (
    <time dateTime={date.toISOString()}>{formatTime(seconds)}</time>
  );
  return tx === undefined ? shown : <TxLink hash={tx}>{shown}</TxLink>;
}
