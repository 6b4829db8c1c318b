import type { StakingTerms } from "@opg-protocol/sdk";
import { type ReactNode, useMemo, useState } from "react";

import type { NodeSummary } from "../../entities/stakes.ts";
import { type PastYield, pastYieldOf } from "../../entities/yields.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { Scatter } from "../../parts/charts/index.tsx";
import { shortHash } from "../../parts/format.ts";
import { SelectField } from "../../wallet/SelectField.tsx";
import { ComparisonTable } from "./ComparisonTable.tsx";

const DAY = 86_400;
/** How far back one can look, in days. */
const PERIODS = ["7", "30", "90", "365"] as const;

interface Props {
  readonly nodes: readonly NodeSummary[];
  readonly terms: StakingTerms;
}

/** A node, and what its delegated stake has earned and lost in the period that is looked at. */
export interface Candidate {
  readonly node: NodeSummary;
  readonly past: PastYield;
}

/** Nodes side by side: what they take, what they gave, what they lost. */
export function Comparison({ nodes, terms }: Props): ReactNode {
  const { index } = useHistory();
  const [days, setDays] = useState("30");
  const now = useHead()?.timestamp ?? 0;
  const candidates = useMemo(() => {
    const period = { from: now - Number(days) * DAY, to: now };
    return nodes.map((node): Candidate => ({ node, past: pastYieldOf(index, node, period) }));
  }, [index, nodes, days, now]);
  return (
    <>
      <SelectField
        label="Look back over"
        value={days}
        onChange={setDays}
        options={PERIODS.map((value) => ({ value, label: `${value} days` }))}
      />
      <p className="muted">
        What was is no promise. Earnings count when they are claimed for the node; a younger node is shown since its
        registration.
      </p>
      <ComparisonTable candidates={candidates} delegationRatio={terms.delegationRatio} />
      {candidates.some(({ past }) => past.rewards > 0 || past.slashes > 0) && (
        <Scatter
          title={`Yield against slashes, at most ${days} days`}
          xTitle="Slashed of bonded stake, %"
          yTitle="Earned by delegated stake, %"
          points={candidates.map(({ node, past }) => ({
            label: shortHash(node.address),
            x: 100 * slashedPart(node, past),
            y: 100 * past.earned,
          }))}
        />
      )}
    </>
  );
}

const PARTS = 1_000_000n;

/** What slashes took in the period, as a part of what there is now and what they took. */
function slashedPart({ own, delegated, thawing }: NodeSummary, { slashed }: PastYield): number {
  const whole = own + delegated + thawing + slashed;
  return whole === 0n ? 0 : Number((slashed * PARTS) / whole) / Number(PARTS);
}
