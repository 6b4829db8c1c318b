import type { ReactNode } from "react";

import type { ProposalSummary } from "../../entities/proposals.ts";
import { Badge } from "../../parts/Badge.tsx";
import { STATE_TONES, useStanding } from "./useStanding.ts";

/** In which state a proposal is. */
export function ProposalState({ proposal }: { readonly proposal: ProposalSummary }): ReactNode {
  const { state } = useStanding(proposal);
  return state === undefined ? <Badge>…</Badge> : <Badge tone={STATE_TONES[state]}>{state}</Badge>;
}
