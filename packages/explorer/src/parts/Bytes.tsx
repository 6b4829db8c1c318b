import type { ReactNode } from "react";

import { formatBytes } from "./format.ts";

/** A size in bytes. */
export function Bytes({ value }: { readonly value: number | bigint }): ReactNode {
  return (
    <span className="number" title={`${value.toLocaleString("en")} bytes`}>
      {formatBytes(Number(value))}
    </span>
  );
}
