import type { ReactNode } from "react";

import { formatDuration } from "./format.ts";

/** A number of seconds, as people say it. */
export function Duration({ seconds }: { readonly seconds: number | bigint }): ReactNode {
  return (
    <span className="number" title={`${seconds.toLocaleString("en")} seconds`}>
      {formatDuration(Number(seconds))}
    </span>
  );
}
