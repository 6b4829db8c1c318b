import type { ReactNode } from "react";

import { commissionOf, type NodeSummary } from "../../entities/stakes.ts";
import { useHead } from "../../network/context.tsx";
import { Percent } from "../../parts/Percent.tsx";
import { Time } from "../../parts/Time.tsx";
import { TxLink } from "../../parts/TxLink.tsx";

/** What a node takes first of its rewards, and what it has announced to take later. */
export function CommissionText({ node }: { readonly node: NodeSummary }): ReactNode {
  const now = useHead()?.timestamp ?? 0;
  const { current, next } = commissionOf(node, now);
  return (
    <>
      {current === undefined ? (
        "–"
      ) : (
        <TxLink hash={current.tx}>
          <Percent bps={current.value} />
        </TxLink>
      )}
      {next !== undefined && (
        <>
          {", "}
          <strong>
            <Percent bps={next.value} /> from <Time at={next.effectiveAt} tx={next.tx} />
          </strong>
        </>
      )}
    </>
  );
}
