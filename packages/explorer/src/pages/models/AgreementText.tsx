import type { ReactNode } from "react";

import type { Agreement } from "../../entities/usage.ts";
import { Percent } from "../../parts/Percent.tsx";

/** How many statements gave the output that stands. */
export function AgreementText({ agreement: { agreed, of } }: { readonly agreement: Agreement }): ReactNode {
  if (of === 0) return <span className="muted">nothing decided yet</span>;
  return (
    <span>
      <Percent ratio={agreed / of} /> of {of.toLocaleString("en")} {of === 1 ? "statement" : "statements"}
    </span>
  );
}
