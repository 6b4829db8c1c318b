import type { ReactNode } from "react";

/** A share: of basis points, or a ratio of 1. */
export function Percent(props: { readonly bps: number | bigint } | { readonly ratio: number }): ReactNode {
  const ratio = "bps" in props ? Number(props.bps) / 10_000 : props.ratio;
  return <span className="number">{(ratio * 100).toLocaleString("en", { maximumFractionDigits: 2 })} %</span>;
}
